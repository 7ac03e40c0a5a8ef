import { expect } from "chai";
import { boot, type Analyzer } from "../../harness/engine/analyzer";
import { ROOT } from "../../harness/engine/paths";
import { bucket } from "./resources";

/** As with --run-program: the engine shows the stack's state, and no resource before it is made. */
describe("A refresh or destroy that runs the program", () => {
  let pack: Analyzer;
  before(async () => {
    pack = await boot(ROOT, { ofProgram: false });
  });
  after(() => pack.close());

  it("is not stopped by an open bucket, which it shows, and says why it is only shown", async () => {
    const [found, ...more] = await pack.analyzeStack([bucket("data")]);
    expect([found?.policy, found?.level, more]).to.deep.equal([
      "s3-bucket-public-access-block",
      "advisory",
      [],
    ]);
    expect(found?.message.split("\n").at(-1)).to.equal(
      "This only shows: the program made no resource in this run, as in a refresh or a destroy with --run-program.",
    );
  });

  it("isn't taken for one once the program has made a resource, told with its provider or without", async () => {
    const { provider, ...bare } = bucket("data");
    expect(provider).to.not.equal(undefined);
    await pack.analyze(bare);
    const found = await pack.analyzeStack([bucket("data")]);
    expect(found.map(({ level }) => level)).to.deep.equal(["mandatory"]);
  });
});

describe("A preview that makes nothing of S3, but something else", () => {
  it("is stopped by a bucket that is open in the state", async () => {
    const pack = await boot(ROOT);
    try {
      expect((await pack.analyzeStack([bucket("data")])).map(({ level }) => level)).to.deep.equal([
        "mandatory",
      ]);
    } finally {
      await pack.close();
    }
  });
});
