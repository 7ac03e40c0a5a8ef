import {
  copyFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import * as sdk from "@pulumi/policy/deserialize";
import * as rpc from "@pulumi/pulumi/runtime/rpc";
import { expect } from "chai";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { runSync } from "../harness/engine/command";
import { CHECKOUT, EXECUTABLE, THIS } from "../bench/packs";
import { boot, type Props } from "../harness/engine/analyzer";
import { ROOT } from "../harness/engine/paths";
import { decode, encode } from "../harness/engine/values";
import { block, bucket, ON, template } from "./resources";
import { needsEngine } from "../harness/engine/needs-engine";
import { PolicyTester } from "../harness/policy-tester";
import { tempFolder } from "../temp-folder";
import { testdata } from "../testdata";

const BUNDLE = path.join(ROOT, "dist/policypack");
const POLICY = "s3-public-access-block-flags";
const {
  changes: CHANGES,
  reads: PARTS,
  bundled: BUNDLED,
} = testdata("sdk-changes.yaml") as Record<"reads" | "bundled", string[]> & {
  changes: Record<string, Record<"file" | "from" | "to" | "error", string>>;
};
// The SDK's declarations leave these two out.
const { deserializeProperties: deserialize, serializeProperties: serialize } = sdk as unknown as {
  deserializeProperties: (props: Struct, keepsSecrets: boolean) => object;
  serializeProperties: (props: object) => Promise<Record<string, JavaScriptValue>>;
};

const PACKS = [CHECKOUT, THIS, EXECUTABLE];
const codeOf = (file: string): string => readFileSync(path.join(BUNDLE, file), "utf8");

/** The files of packages that the bundle is made of; each is named where it begins. */
const parts = (): string[] =>
  [...codeOf("index.js").matchAll(/^\/\/ node_modules\/(\S+)$/gm)].map(([, file]) => file ?? "");

describe("The bundle of the pack", () => {
  it("has of @pulumi/pulumi what a pack needs, and no more", () => {
    const folder = "@pulumi/pulumi/";
    const used = parts().filter((file) => file.startsWith(folder));
    expect(used.map((file) => file.slice(folder.length)).sort()).to.deep.equal(BUNDLED);
  });

  it("passes on the license of each package that it has parts of", () => {
    const packages = [...parts(), "yaml"].map((file) => /^(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
    const texts = codeOf("LICENSES.txt").split(`\n\n${"=".repeat(80)}\n\n`);
    // Packages of one text stand above it, a line each.
    const named = texts
      .flatMap((text) => text.split("\n\n", 1)[0]?.split("\n") ?? [])
      .map((line) => line.split(" ")[0]);
    expect(named.sort()).to.deep.equal([...new Set(packages)].sort());
    expect(texts.filter((text) => text.length < 500)).to.deep.equal([]);
  });

  /** What an executable that is copied, with this code as its yaml.js, finds in templates: each time the messages, and what is logged. */
  async function inTemplates(
    yaml: ((log: string) => string) | undefined,
    bodies: string[],
  ): Promise<[string[], string][]> {
    const folder = tempFolder("bundle");
    const [copy, log] = [path.join(folder, "pack"), path.join(folder, "log")];
    copyFileSync(EXECUTABLE.path, copy);
    writeFileSync(log, "");
    if (yaml !== undefined) writeFileSync(path.join(folder, "yaml.js"), yaml(log));
    const running = await boot(copy, { ofProgram: false });
    const found: [string[], string][] = [];
    for (const body of bodies) {
      const messages = (await running.analyzeStack([template(body)])).map(
        ({ message }) => message.split("\n")[0] ?? "",
      );
      found.push([messages, readFileSync(log, "utf8")]);
    }
    await running.close();
    return found;
  }

  it("loads that file when the first template in YAML is met, and not for one in JSON", async () => {
    const code = codeOf("yaml.js");
    const logging = (log: string): string => `require("node:fs").appendFileSync(${JSON.stringify(log)}, "1");\n${code}`;
    const yaml = "Resources: {A: {Type: AWS::S3::Bucket}}";
    const found = await inTemplates(logging, ['{"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}', yaml, yaml]);
    expect(found.map(([messages, log]) => [messages.length, log])).to.deep.equal([
      [1, ""],
      [1, "1"],
      [1, "1"],
    ]);
  });

  it("says what to do where a template is YAML and that file is missing", async () => {
    const reason = "it is YAML, and the policy pack lacks its file yaml.js. Install the pack as a whole.";
    expect(await inTemplates(undefined, ["A: b"])).to.deep.equal([
      [[`The template of 'it' can't be read, so it may open a bucket: ${reason}`], ""],
    ]);
  });

  describe("started by Pulumi's SDK, by its own runner and as an executable", () => {
    needsEngine();
    it("answers the same, whatever folder it is run in", async () => {
      const weak = block("lock", "data", {}, { ignorePublicAcls: false });
      const exemptions = [{ urn: "**::logs", reason: "It is a website." }];
      const configuration = { "s3-bucket-public-access-block": { props: { exemptions } } };
      const answers = [];
      for (const pack of PACKS) {
        const running = await boot(pack.path, { ofProgram: false });
        await running.configure(configuration);
        const found = [await running.analyze(weak), await running.analyzeStack([bucket("data"), bucket("logs")])];
        answers.push({ info: await running.info(), found });
        await running.close();
      }
      expect(answers).to.deep.equal([answers[0], answers[0], answers[0]]);
      const manifest = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as { version: string };
      expect(answers[0]?.info.version).to.equal(manifest.version);
      // The block is spoken of with the stack, where it might be spoken of with its bucket.
      const levels = answers[0]?.found.map((each) => each.map(({ level }) => level).sort());
      expect(levels).to.deep.equal([[], ["advisory", "mandatory", "mandatory"]]);
    });
  });

  /** The file and line that the stack trace of a failure says to have called the broken clock. */
  async function callerIn(pack: string): Promise<string | undefined> {
    const preload = path.join(tempFolder("bundle"), "broken-clock.cjs");
    writeFileSync(preload, 'Date.prototype.toISOString = () => { throw new Error("the clock is broken"); };');
    const running = await boot(pack, { env: { NODE_OPTIONS: `--require ${preload}` }, ofProgram: false });
    const message = await running.analyzeStack([bucket("data")]).then(String, String);
    await running.close();
    return /the clock is broken\n.*broken-clock\.cjs.*\n.*\((.*):\d+\)\n/.exec(message)?.[1];
  }

  it("names the sources in its stack trace when it fails", async () => {
    const file = path.join(ROOT, "policypack/lib/days.ts");
    const lines = readFileSync(file, "utf8").split("\n");
    const clock = lines.findLastIndex((each) => each.includes(".toISOString()")) + 1;
    for (const pack of PACKS) expect(await callerIn(pack.path), pack.name).to.equal(`${file}:${clock}`);
  });

  describe("in place of the whole SDK", () => {
    const sign = (signature: string, props: Props): Props => ({ [rpc.specialSigKey]: signature, ...props });
    const type = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
    const tester = new PolicyTester(ROOT);
    before(() => tester.pack.configure({ [POLICY]: { level: "remediate" } }));

    it("takes in and gives out assets, archives and secrets as that does", async () => {
      const asset = (props: Props): Props => sign(rpc.specialAssetSig, props);
      const archive = (props: Props): Props => sign(rpc.specialArchiveSig, props);
      const props: Props = {
        assets: [asset({ path: "file" }), asset({ text: "text" }), asset({ uri: "https://localhost/asset" })],
        archives: [archive({ path: "folder" }), archive({ uri: "https://localhost/archive" })],
        nested: archive({ assets: { inner: asset({ text: "text" }) } }),
        secret: sign(rpc.specialSecretSig, { value: { deep: [1, null] } }),
        plain: { text: "text", number: 1.5, yes: true, nothing: null },
      };
      const whole = await serialize(deserialize(encode(props), true));
      const remedies = await tester.pack.remediate({ ...block("lock", "data"), type, props });
      expect(remedies).to.deep.equal([
        {
          policy: POLICY,
          props: { ...decode(Struct.fromJavaScript(whole)), ...ON, skipDestroy: true },
          diagnostic: "",
        },
      ]);
    });

    it("refuses the outputs that that refuses", async () => {
      const props: Props = { odd: { __pulumiOutput: true } };
      const refusal = "Serializing output values not supported from within a policy pack";
      const messageOf = (error: unknown): string => (error as Error).message;
      const whole = serialize(deserialize(encode(props), true)).then(String, messageOf);
      expect(await whole).to.equal(refusal);
      const narrow = tester.pack.remediate({ ...block("lock", "data"), type, props }).then(String, messageOf);
      expect(await narrow).to.contain(refusal);
    });
  });
});

describe("The build of the bundle", () => {
  let project: string;
  beforeEach(() => {
    project = tempFolder("bundle");
    const policy = "node_modules/@pulumi/policy";
    for (const each of [...PARTS, policy]) cpSync(path.join(ROOT, each), path.join(project, each), { recursive: true });
    for (const folder of ["node_modules", "node_modules/@pulumi"])
      for (const name of readdirSync(path.join(ROOT, folder)))
        if (!existsSync(path.join(project, folder, name)))
          symlinkSync(path.join(ROOT, folder, name), path.join(project, folder, name));
  });

  const EXECUTED = "dist/policypack/index.js";
  function build(): { code: number; error: string; built: boolean } {
    const { code, stderr } = runSync(process.execPath, ["scripts/build.mjs"], { cwd: project });
    const error = /(?:\[ERROR\]|^Error:) (the .*?)(?: \[plugin .*)?$/m.exec(stderr)?.[1] ?? stderr;
    return { code, error, built: existsSync(path.join(project, EXECUTED)) };
  }

  it("makes a bundle that an executable needs nothing else for", () => {
    expect(build()).to.deep.equal({ code: 0, error: "", built: true });
    expect(statSync(path.join(project, EXECUTED)).mode & 0o111).to.equal(0o111);
  });

  for (const [title, { file, from, to, error }] of Object.entries(CHANGES))
    it(`fails when ${title}`, () => {
      const text = readFileSync(path.join(project, file), "utf8");
      expect(text).to.contain(from);
      writeFileSync(
        path.join(project, file),
        text.replace(from, () => to),
      );
      const { error: found, ...rest } = build();
      expect(rest).to.deep.equal({ code: 1, built: false });
      expect(found).to.match(new RegExp(error));
    });

  it("fails when the SDK would bring a second copy of a package", () => {
    const copy = "node_modules/google-protobuf";
    cpSync(path.join(ROOT, copy), path.join(project, "node_modules/@pulumi/policy", copy), { recursive: true });
    const error = "the bundle would have two copies of google-protobuf. Run npm dedupe.";
    expect(build()).to.deep.equal({ code: 1, error, built: false });
  });
});
