import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as sdk from "@pulumi/policy/deserialize";
import * as rpc from "@pulumi/pulumi/runtime/rpc";
import { AnalyzeResponse, AnalyzerInfo } from "@pulumi/pulumi/proto/analyzer_pb";
import { expect } from "chai";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { runSync } from "../harness/engine/command";
import { CHECKOUT, EXECUTABLE, THIS, type Pack } from "../bench/packs";
import { workspace } from "../harness/engine";
import { boot, type Analyzer, type Props } from "../harness/engine/analyzer";
import { analyzeRequest, analyzeStackRequest, packInfo } from "../harness/engine/analyzer-messages";
import { decode, encode } from "../harness/engine/values";
import { block, bucket } from "./resources";
import { needsEngine } from "../harness/engine/needs-engine";

const ROOT = path.resolve(__dirname, "../..");
const BUNDLE = path.join(ROOT, "dist/policypack");
const POLICY = "s3-public-access-block-flags";
/** What the build reads. */
const PARTS = ["scripts", "policypack", "cli", "package.json", "PulumiPolicy.yaml", "README.md", "LICENSE"];

// The SDK's declarations leave these two out.
const { deserializeProperties: deserialize, serializeProperties: serialize } = sdk as unknown as {
  deserializeProperties: (props: Struct, keepsSecrets: boolean) => object;
  serializeProperties: (props: object) => Promise<Record<string, JavaScriptValue>>;
};

/** The files of packages that a file of the bundle is made of; each is named where it begins. */
function parts(file = "index.js"): string[] {
  const code = readFileSync(path.join(BUNDLE, file), "utf8");
  return [...code.matchAll(/^\/\/ node_modules\/(\S+)$/gm)].map(([, file]) => file ?? "");
}

describe("The bundle of the pack", () => {
  it("has of @pulumi/pulumi what a pack needs, and no more", () => {
    const folder = "@pulumi/pulumi/";
    const used = parts().filter((file) => file.startsWith(folder));
    expect(used.map((file) => file.slice(folder.length)).sort()).to.deep.equal([
      "asset/archive.js",
      "asset/asset.js",
      "asset/index.js",
      "proto/analyzer_grpc_pb.js",
      "proto/analyzer_pb.js",
      "proto/plugin_pb.js",
      "utils.js",
    ]);
  });

  it("passes on the license of each package that it has parts of", () => {
    const packages = [...parts(), "yaml"].map((file) => /^(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
    const texts = readFileSync(path.join(BUNDLE, "LICENSES.txt"), "utf8").split(`\n\n${"=".repeat(80)}\n\n`);
    expect(texts.map((text) => text.split(" ")[0])).to.deep.equal([...new Set(packages)].sort());
    expect(texts.filter((text) => text.length < 500)).to.deep.equal([]);
  });

  it("has what reads YAML in a file of its own, which a start doesn't load", () => {
    const isYaml = (file: string): boolean => file.startsWith("yaml/");
    expect(parts().filter(isYaml)).to.deep.equal([]);
    expect(readFileSync(path.join(BUNDLE, "yaml.js"), "utf8")).to.include("parseYaml");
    expect(readFileSync(path.join(BUNDLE, "index.js"), "utf8").match(/"\.\/yaml"/g)).to.have.length(1);
  });

  it("loads that file when the first template in YAML is met, and not for one in JSON", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "bundle-"));
    const [copy, loaded] = [path.join(folder, "pack"), path.join(folder, "loaded")];
    copyFileSync(EXECUTABLE.path, copy);
    const code = readFileSync(path.join(BUNDLE, "yaml.js"), "utf8");
    const telling = `require("node:fs").appendFileSync(${JSON.stringify(loaded)}, "1");\n${code}`;
    writeFileSync(path.join(folder, "yaml.js"), telling);
    const type = "aws:cloudformation/stack:Stack";
    const running = await boot(copy, { ofProgram: false });
    const found: unknown[] = [];
    for (const templateBody of [
      '{"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}',
      "Resources: {A: {Type: AWS::S3::Bucket}}",
      "Resources: {B: {Type: AWS::S3::Bucket}}",
    ]) {
      const it = { type, urn: `urn:pulumi:dev::test::${type}::it`, name: "it", props: { templateBody } };
      const answer = await running.raw("AnalyzeStack", analyzeStackRequest([it]).serializeBinary());
      const count = AnalyzeResponse.deserializeBinary(answer).getDiagnosticsList().length;
      found.push([count, existsSync(loaded) ? readFileSync(loaded, "utf8") : ""]);
    }
    await running.close();
    rmSync(folder, { recursive: true });
    expect(found).to.deep.equal([
      [1, ""],
      [1, "1"],
      [1, "1"],
    ]);
  });

  it("says what to do where a template is YAML and that file is missing", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "bundle-"));
    const copy = path.join(folder, "pack");
    copyFileSync(EXECUTABLE.path, copy);
    const type = "aws:cloudformation/stack:Stack";
    const stack = { type, urn: `urn:pulumi:dev::test::${type}::it`, name: "it", props: { templateBody: "A: b" } };
    const running = await boot(copy, { ofProgram: false });
    const answer = await running.raw("AnalyzeStack", analyzeStackRequest([stack]).serializeBinary());
    await running.close();
    rmSync(folder, { recursive: true });
    const [found] = AnalyzeResponse.deserializeBinary(answer).getDiagnosticsList();
    expect(found?.getMessage().split("\n")[0]).to.equal(
      "The template of 'it' can't be read, so it may open a bucket: it is YAML, and the policy pack lacks its file yaml.js. " +
        "Install the pack as a whole.",
    );
  });

  describe("started by Pulumi's SDK, by its own runner and as an executable", () => {
    needsEngine();
    it("answers the same, whatever folder it is run in", async () => {
      const calls: [string, Uint8Array][] = [
        ["GetAnalyzerInfo", new Uint8Array()],
        ["Analyze", analyzeRequest(block("lock", "data", {}, { ignorePublicAcls: false })).serializeBinary()],
        ["AnalyzeStack", analyzeStackRequest([bucket("data"), bucket("logs")]).serializeBinary()],
      ];
      const answers: Uint8Array[][] = [];
      for (const pack of [CHECKOUT, THIS, EXECUTABLE]) {
        const running = await boot(pack.path, { ofProgram: false });
        answers.push([]);
        for (const [method, request] of calls) answers.at(-1)?.push(await running.raw(method, request));
        await running.close();
      }
      expect(answers).to.deep.equal([answers[0], answers[0], answers[0]]);

      const [info, analyzed, stack] = answers[1] ?? [];
      const manifest = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as { version: string };
      expect(packInfo(AnalyzerInfo.deserializeBinary(info ?? Buffer.alloc(0))).version).to.equal(manifest.version);
      const found = [analyzed, stack].map(
        (answer) => AnalyzeResponse.deserializeBinary(answer ?? Buffer.alloc(0)).getDiagnosticsList().length,
      );
      // The block is spoken of with the stack, where it might be spoken of with its bucket.
      expect(found).to.deep.equal([0, 3]);
    });

    it("gives the same verdicts in a preview, with a configuration", async () => {
      const stack = await workspace("open-buckets");
      const config = path.join(path.dirname(stack.home), "policies.json");
      const exemptions = [{ urn: "**::noBlock", reason: "It is a website." }];
      writeFileSync(config, JSON.stringify({ "s3-bucket-public-access-block": { exemptions } }));
      const verdicts: unknown[] = [];
      for (const pack of [CHECKOUT, THIS, EXECUTABLE]) {
        const { code, violations } = await stack.preview({ packs: [pack.path], configs: [config] });
        verdicts.push({ code, told: violations.map((each) => JSON.stringify(each)).sort() }); // They come in any order.
        const levels = new Set(violations.map(({ level }) => level));
        expect(levels).to.deep.equal(new Set(["advisory", "mandatory"]));
      }
      await stack.remove();
      expect(verdicts).to.deep.equal([verdicts[0], verdicts[0], verdicts[0]]);
    });
  });

  describe("when it fails", () => {
    let folder: string;
    let broken: NodeJS.ProcessEnv;
    before(() => {
      folder = mkdtempSync(path.join(tmpdir(), "bundle-"));
      const preload = path.join(folder, "broken-clock.cjs");
      writeFileSync(preload, 'Date.prototype.toISOString = () => { throw new Error("the clock is broken"); };');
      broken = { NODE_OPTIONS: `--require ${preload}` };
    });
    after(() => {
      rmSync(folder, { recursive: true });
    });

    /** The file and line that the stack trace says to have called the broken clock. */
    async function callerIn(pack: Pack): Promise<string | undefined> {
      const running = await boot(pack.path, { env: broken, ofProgram: false });
      const request = analyzeStackRequest([bucket("data")]).serializeBinary();
      const message = await running.raw("AnalyzeStack", request).then(String, String);
      await running.close();
      return /the clock is broken\n.*broken-clock\.cjs.*\n.*\((.*):\d+\)\n/.exec(message)?.[1];
    }

    for (const pack of [CHECKOUT, THIS, EXECUTABLE]) {
      it(`names the sources in its stack trace (${pack.name})`, async () => {
        const file = path.join(ROOT, "policypack/lib/days.ts");
        const lines = readFileSync(file, "utf8").split("\n");
        const line = lines.findIndex((each) => each.includes(".toISOString()")) + 1;
        expect(await callerIn(pack)).to.equal(`${file}:${line}`);
      });
    }

    it("names its own lines when it was copied without its map", async () => {
      const copy = path.join(folder, "pack");
      copyFileSync(EXECUTABLE.path, copy);
      const lines = readFileSync(copy, "utf8").split("\n");
      const line = lines.findLastIndex((each) => each.includes(".toISOString()")) + 1;
      expect(await callerIn({ ...EXECUTABLE, path: copy })).to.equal(`${copy}:${line}`);
    });
  });

  describe("in place of the whole SDK", () => {
    const sign = (signature: string, props: Props): Props => ({ [rpc.specialSigKey]: signature, ...props });
    const type = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
    let pack: Analyzer;
    before(async () => {
      pack = await boot(ROOT);
      await pack.configure({ [POLICY]: { level: "remediate" } });
    });
    after(() => pack.close());

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
      const on = {
        blockPublicAcls: true,
        ignorePublicAcls: true,
        blockPublicPolicy: true,
        restrictPublicBuckets: true,
        skipDestroy: true,
      };
      const remedies = await pack.remediate({ ...block("lock", "data"), type, props });
      expect(remedies).to.deep.equal([
        { policy: POLICY, props: { ...decode(Struct.fromJavaScript(whole)), ...on }, diagnostic: "" },
      ]);
    });

    it("refuses the outputs that that refuses", async () => {
      const props: Props = { odd: { __pulumiOutput: true } };
      const refusal = "Serializing output values not supported from within a policy pack";
      const messageOf = (error: unknown): string => (error as Error).message;
      const whole = serialize(deserialize(encode(props), true)).then(String, messageOf);
      expect(await whole).to.equal(refusal);
      const narrow = pack.remediate({ ...block("lock", "data"), type, props }).then(String, messageOf);
      expect(await narrow).to.contain(refusal);
    });
  });
});

describe("The build of the bundle", () => {
  let project: string;
  let policy: string;
  beforeEach(() => {
    project = mkdtempSync(path.join(tmpdir(), "build-"));
    policy = path.join(project, "node_modules/@pulumi/policy");
    mkdirSync(path.dirname(policy), { recursive: true });
    for (const each of PARTS) {
      cpSync(path.join(ROOT, each), path.join(project, each), { recursive: true });
    }
    link("node_modules", (name) => name !== "@pulumi");
    link("node_modules/@pulumi", (name) => name !== "policy");
    cpSync(path.join(ROOT, "node_modules/@pulumi/policy"), policy, { recursive: true });
  });
  afterEach(() => {
    rmSync(project, { recursive: true });
  });

  function link(folder: string, isLinked: (name: string) => boolean): void {
    for (const name of readdirSync(path.join(ROOT, folder)).filter(isLinked)) {
      symlinkSync(path.join(ROOT, folder, name), path.join(project, folder, name));
    }
  }

  function build(): { code: number; error: string; built: boolean } {
    const { code, stderr } = runSync(process.execPath, ["scripts/build.mjs"], { cwd: project });
    const error = /(?:\[ERROR\]|^Error:) (the .*?)(?: \[plugin .*)?$/m.exec(stderr)?.[1] ?? stderr;
    const built = statSync(path.join(project, "dist/policypack/index.js"), { throwIfNoEntry: false }) !== undefined;
    return { code, error, built };
  }

  function change(file: string, from: string, to: string): void {
    const text = readFileSync(path.join(policy, file), "utf8");
    expect(text).to.contain(from);
    writeFileSync(
      path.join(policy, file),
      text.replace(from, () => to),
    );
  }

  it("makes a bundle that an executable needs nothing else for", () => {
    expect(build()).to.deep.equal({ code: 0, error: "", built: true });
    expect(statSync(path.join(project, "dist/policypack/index.js")).mode & 0o111).to.equal(0o111);
  });

  it("fails when the SDK reads its version elsewhere", () => {
    change("policy.js", "require(`${cwd}/package.json`)", "readManifest(cwd)");
    const error = "the SDK has changed: require(`${cwd}/package.json`) isn't in there once";
    expect(build()).to.deep.equal({ code: 1, error, built: false });
  });

  it("fails when the SDK uses more of @pulumi/pulumi", () => {
    change(
      "deserialize.js",
      "pulumi_1.Output.isInstance(prop)",
      "pulumi_1.Output.isInstance(prop) || pulumi_1.isGrpcError(prop)",
    );
    const error = "the SDK has changed: it uses pulumi_1.isGrpcError";
    expect(build()).to.deep.equal({ code: 1, error, built: false });
  });

  const substitutes: [file: string, from: string, to: string, name: string][] = [
    ["rpc.ts", 'specialAssetSig = "c4', 'specialAssetSig = "c5', "rpc_1.specialAssetSig"],
    ["pulumi.ts", '"__pulumiOutput"', '"__pulumiResource"', "pulumi_1.Output.isInstance"],
  ];
  for (const [file, from, to, name] of substitutes) {
    it(`fails when ${name} is not what stands in for it`, () => {
      const own = path.join(project, "policypack/engine/substitutes", file);
      const text = readFileSync(own, "utf8");
      expect(text).to.contain(from);
      writeFileSync(own, text.replace(from, to));
      const error = `the SDK has changed: ${name} is not what stands in for it`;
      expect(build()).to.deep.equal({ code: 1, error, built: false });
    });
  }

  it("fails when the SDK loads another part of @pulumi/pulumi", () => {
    change("version.js", "exports.version", 'require("@pulumi/pulumi/errors");\nexports.version');
    expect(build()).to.include({ code: 1, built: false });
    expect(build().error).to.match(/^the SDK has changed: it loads \S+\/errors\.js/);
  });

  it("fails when the SDK would bring a second copy of a package", () => {
    const copy = path.join(policy, "node_modules/google-protobuf");
    mkdirSync(path.dirname(copy), { recursive: true });
    cpSync(path.join(ROOT, "node_modules/google-protobuf"), copy, { recursive: true });
    const error = "the bundle would have two copies of google-protobuf. Run npm dedupe.";
    expect(build()).to.deep.equal({ code: 1, error, built: false });
  });
});
