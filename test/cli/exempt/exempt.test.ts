import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { outputOf, run, type Finished } from "../../harness/engine/command";
import { ROOT } from "../../harness/engine/paths";
import { needsEngine } from "../../harness/engine/needs-engine";
import type { DataResource } from "../../harness/engine";
import { testdata } from "../../testdata";
import { CLI, findingsIn, gate, jobless, repository, type Repository } from "../gate/gate";

const { site: SITE } = testdata("programs.yaml") as { site: DataResource[] };

describe("exempt", () => {
  needsEngine();
  let repo: Repository;
  before(async () => {
    repo = await repository(SITE);
    outputOf("git", ["init", "-q"], { cwd: repo.root });
  });
  const exempt = (...args: string[]): Promise<Finished> =>
    run(process.execPath, [CLI, "exempt", "--stack", "dev", "--cwd", "infra", "--reason", "static site", ...args], {
      ...{ cwd: repo.root, env: jobless(repo.stack.env), keepColors: true },
    });
  const file = (): string => join(repo.root, "infra/s3-public-access-block.json");

  it("refuses what it can't find and what nothing blocks, and writes nothing then", async () => {
    const { code, stdout, stderr } = await exempt("site", "models", "stie");
    expect([code, stdout, existsSync(file())]).to.deep.equal([1, "", false]);
    const refused = ["models: nothing blocks it", "stie: there is no such bucket in the stack; did you mean site?"];
    expect(stderr.trimEnd().split("\n").slice(-3)).to.deep.equal([...refused, "Nothing was changed."]);
  });

  it("takes a policy pack of another place, with its configuration", async () => {
    const config = join(repo.root, "other.json");
    writeFileSync(config, "{}");
    const pack = ["--policy-pack", join(ROOT, "dist/policypack"), "--config", "other.json"];
    const done = await exempt("open", ...pack);
    expect([done.code, existsSync(file())], done.stderr).to.deep.equal([0, false]);
    expect(readFileSync(config, "utf8")).to.match(/::open",\s+"reason": "static site",\s+"since": "20\d\d-\d\d-\d\d"/);
    const outcome = await gate(repo, [...pack.slice(0, 3), config]);
    expect(outcome.stdout).to.match(/\n {2}exempt one +.*main\.js exempt site .*--policy-pack \S+ --config \S+\n/);
    expect(findingsIn(outcome)).to.include(
      "[advisory, exempt] s3-public-access-block/s3-bucket-public-access-block aws:s3/bucket:Bucket::open",
    );
  });

  it("writes the whole exemption of a site into a new configuration, with which the site alone passes", async () => {
    expect(findingsIn(await gate(repo)).filter((line) => line.includes("[mandatory]")).length).to.be.greaterThan(2);
    const dry = await exempt("site", "--expires", "2999-01-01", "--dry-run");
    expect([dry.code, existsSync(file())], dry.stderr).to.deep.equal([0, false]);
    const done = await exempt("site", "--expires", "2999-01-01");
    expect([done.code, done.stdout], done.stderr).to.deep.equal([0, dry.stdout]);
    expect(done.stderr).to.match(/\n3 exemptions added to infra\/s3-public-access-block\.json\.\n$/);
    const written = readFileSync(file(), "utf8");
    expect(Object.keys(JSON.parse(written) as object)).to.have.members([
      ...["s3-bucket-public-access-block", "s3-public-access-block-flags", "s3-no-public-bucket-policy"],
    ]);
    const outcome = await gate(repo);
    expect(findingsIn(outcome).filter((line) => line.includes("[mandatory]"))).to.deep.equal([
      "[mandatory] s3-public-access-block/s3-bucket-public-access-block aws:s3/bucket:Bucket::open",
    ]);
    expect(outcome.stdout).to.match(
      /\n {2}exempt one {4}node \S+ exempt open --reason "…" --expires 90 --stack dev --cwd infra\n/,
    );

    const again = await exempt("site");
    expect([again.code, /site: .*/.exec(again.stderr)?.[0]]).to.deep.equal([1, "site: it is exempt already"]);
    const more = await exempt("open");
    expect(more.code, more.stderr).to.equal(0);
    expect([(await gate(repo)).code, more.stdout.match(/^-[^-].*/gm)]).to.deep.equal([0, null]);
    // Both patches are ones that git applies, and make the same.
    const both = readFileSync(file(), "utf8");
    outputOf("rm", [file()]);
    for (const { stdout } of [done, more]) outputOf("git", ["apply", "-"], { cwd: repo.root, input: stdout });
    expect(readFileSync(file(), "utf8")).to.equal(both);
  });
});
