import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { run } from "../harness/engine/command";
import { newFolder } from "../harness/engine/files";
import { workspace, type Workspace } from "../harness/engine";
import { CACHE, ROOT } from "../harness/engine/paths";

/*
 * What the pack prints is pasted into the program, with its placeholders replaced, and the preview passes: by each
 * language's own compiler or interpreter. Nothing that is pasted is written here.
 */

/** A finding as the CLI prints it: its first line says which resource it is on. */
interface Printed {
  readonly level: string;
  readonly name: string;
  readonly lines: readonly string[];
}

/** The findings in what a preview printed, and nothing that follows them. */
function printed(stdout: string): Printed[] {
  const [, section = ""] = /^Policies:\n([^]*?)^(?=\S)/m.exec(`${stdout}\nend`) ?? [];
  return section.split(/^ +- (?=\[)/m).flatMap((part) => {
    const [head = "", ...lines] = part.split("\n");
    const [, level = "", name] = /^\[(mandatory|advisory)\].* \(\S+: (.*)\)$/.exec(head) ?? [];
    return name === undefined ? [] : [{ level, name, lines }];
  });
}

const indentOf = (line: string): number => line.search(/[^ ]/);

/** The code below the heading in which `heading` is found, without its indentation. */
function codeBelow({ lines }: Printed, heading: RegExp): string[] | undefined {
  const at = lines.findIndex((line) => heading.test(line));
  const start = lines[at];
  if (start === undefined) return undefined;
  const rest = lines.slice(at + 1);
  const end = rest.findIndex((line) => indentOf(line) <= indentOf(start));
  const code = end === -1 ? rest : rest.slice(0, end);
  return code.map((line) => line.slice(indentOf(code[0] ?? "")));
}

/** The lines with what a person puts in the place of the placeholders, which the message must name. */
function filledIn({ lines }: Printed, code: readonly string[], variables: Variables): string[] {
  const message = lines.join("\n");
  const [, bucket = "?"] = /where (\w+) is (?:the variable that holds|the key of) the bucket/.exec(message) ?? [];
  const [, provider = "?", of] =
    /and (\w+) (?:the variable that holds|the key of) its provider '(.*)':$/m.exec(message) ?? [];
  return code.map((line) => line.replaceAll(bucket, variables.bucket).replaceAll(provider, of ?? "?"));
}

interface Variables {
  readonly bucket: string;
}

/** The property that a line sets, as the language spells it. */
const propertyOf = (line: string): string => /\w+/.exec(line)?.[0] ?? "";

/** The program with one line of a resource set: in the place of the line that sets it, or below that which names the bucket. */
function withSetting(program: readonly string[], resource: string, setting: string): string[] {
  const start = program.findIndex((line) => new RegExp(`\\b${resource}\\b`).test(line)) + 1;
  const indent = /^\s*/.exec(program[start] ?? "")?.[0] ?? "";
  const length = program.slice(start).findIndex((line) => !line.startsWith(indent));
  const lines = program.slice(start, start + length);
  const setter = (property: string): number => lines.findIndex((line) => propertyOf(line) === property);
  const own = setter(propertyOf(setting));
  const bucket = lines.findIndex((line) => propertyOf(line).toLowerCase() === "bucket");
  const inside = /^\s*/.exec(lines[bucket] ?? "")?.[0] ?? "";
  lines.splice(own === -1 ? bucket + 1 : own, own === -1 ? 0 : 1, inside + setting);
  return [...program.slice(0, start), ...lines, ...program.slice(start + length)];
}

/** The program with what one finding says done. */
function mended(program: readonly string[], finding: Printed): string[] {
  const variables = { bucket: propertyOf(finding.name) }; // As each program here calls it.
  const block = codeBelow(finding, /^ +Add one\b.*:$/);
  if (block !== undefined) {
    const at = program.findIndex((line) => line.includes(HERE));
    const indent = /^\s*/.exec(program[at] ?? "")?.[0] ?? "";
    const lines = filledIn(finding, block, variables).map((line) => indent + line);
    return [...program.slice(0, at), ...lines, ...program.slice(at)];
  }
  const message = finding.lines.join("\n");
  const [, resource = ""] =
    /In '(.*)', set$/m.exec(message) ?? /public access block '(.*)' targets it/.exec(message) ?? [];
  const settings = codeBelow(finding, /^ +In '.*', set$|^ +Name the bucket there\b.*:$/) ?? [];
  return filledIn(finding, settings, variables).reduce(
    (lines, setting) => withSetting(lines, resource, setting),
    [...program],
  );
}

/** Above this line new resources are pasted. */
const HERE = "paste here";

export const TYPESCRIPT = `import * as pulumi from "@pulumi/pulumi";
import * as aws from "@pulumi/aws";

const east = new aws.Provider("east", { region: "us-east-1" });
const open = new aws.s3.Bucket('open "kit"');
const elsewhere = new aws.s3.Bucket("elsewhere", {}, { provider: east });
const weak = new aws.s3.Bucket("weak");
new aws.s3.BucketPublicAccessBlock("weakBlock", {
  bucket: weak.id,
  blockPublicAcls: false,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
});
const mixed = new aws.s3.Bucket("mixed");
new aws.s3.BucketPublicAccessBlock("mixedBlock", {
  bucket: pulumi.all([mixed.id, east.id]).apply(([id]) => id),
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
});
// ${HERE}
`;

export const JAVASCRIPT = TYPESCRIPT.replaceAll(/^import \* as (\w+) from (.*);$/gm, "const $1 = require($2);");

export const PYTHON = `import pulumi
import pulumi_aws as aws

east = aws.Provider("east", region="us-east-1")
open = aws.s3.Bucket('open "kit"')
elsewhere = aws.s3.Bucket("elsewhere", opts=pulumi.ResourceOptions(provider=east))
weak = aws.s3.Bucket("weak")
aws.s3.BucketPublicAccessBlock(
    "weakBlock",
    bucket=weak.id,
    block_public_acls=False,
    ignore_public_acls=True,
    block_public_policy=True,
)
mixed = aws.s3.Bucket("mixed")
aws.s3.BucketPublicAccessBlock(
    "mixedBlock",
    bucket=pulumi.Output.all(mixed.id, east.id).apply(lambda ids: ids[0]),
    block_public_acls=True,
    ignore_public_acls=True,
    block_public_policy=True,
    restrict_public_buckets=True,
)
# ${HERE}
`;

export const GO = `package main

import (
	"github.com/pulumi/pulumi-aws/sdk/v7/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v7/go/aws/s3"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		east, err := aws.NewProvider(ctx, "east", &aws.ProviderArgs{Region: pulumi.String("us-east-1")})
		if err != nil {
			return err
		}
		open, err := s3.NewBucket(ctx, "open \\"kit\\"", nil)
		if err != nil {
			return err
		}
		elsewhere, err := s3.NewBucket(ctx, "elsewhere", nil, pulumi.Provider(east))
		if err != nil {
			return err
		}
		_, _ = open, elsewhere
		weak, err := s3.NewBucket(ctx, "weak", nil)
		if err != nil {
			return err
		}
		if _, err := s3.NewBucketPublicAccessBlock(ctx, "weakBlock", &s3.BucketPublicAccessBlockArgs{
			Bucket:            weak.ID(),
			BlockPublicAcls:   pulumi.Bool(false),
			IgnorePublicAcls:  pulumi.Bool(true),
			BlockPublicPolicy: pulumi.Bool(true),
		}); err != nil {
			return err
		}
		mixed, err := s3.NewBucket(ctx, "mixed", nil)
		if err != nil {
			return err
		}
		first := func(ids []interface{}) string { return string(ids[0].(pulumi.ID)) }
		if _, err := s3.NewBucketPublicAccessBlock(ctx, "mixedBlock", &s3.BucketPublicAccessBlockArgs{
			Bucket:                pulumi.All(mixed.ID(), east.ID()).ApplyT(first).(pulumi.StringOutput),
			BlockPublicAcls:       pulumi.Bool(true),
			IgnorePublicAcls:      pulumi.Bool(true),
			BlockPublicPolicy:     pulumi.Bool(true),
			RestrictPublicBuckets: pulumi.Bool(true),
		}); err != nil {
			return err
		}
		_ = first
		// ${HERE}
		return nil
	})
}
`;

export const YAML = `name: shop
runtime: yaml
resources:
  east:
    type: pulumi:providers:aws
    properties:
      region: us-east-1
  open:
    name: open "kit"
    type: aws:s3:Bucket
  elsewhere:
    type: aws:s3:Bucket
    options:
      provider: \${east}
  weak:
    type: aws:s3:Bucket
  weakBlock:
    type: aws:s3:BucketPublicAccessBlock
    properties:
      bucket: \${weak.id}
      blockPublicAcls: false
      ignorePublicAcls: true
      blockPublicPolicy: true
  mixed:
    type: aws:s3:Bucket
  mixedBlock:
    type: aws:s3:BucketPublicAccessBlock
    properties:
      bucket: { "fn::select": [0, ["\${mixed.id}", "\${east.id}"]] }
      blockPublicAcls: true
      ignorePublicAcls: true
      blockPublicPolicy: true
      restrictPublicBuckets: true
  # ${HERE}
`;

/** What a program needs beside its own file. */
interface Setting {
  readonly file: string;
  readonly text: string;
  /** The other files, by their names. */
  readonly others?: Readonly<Record<string, string>>;
  /** Writes them, and gives the environment of a preview. */
  readonly prepare?: (folder: string) => Promise<NodeJS.ProcessEnv> | NodeJS.ProcessEnv;
  /** The form of the pack, if not that of a folder. */
  readonly pack?: string;
  /** Compiles the program, where that isn't done by running it. */
  readonly compile?: (folder: string) => Promise<void>;
}

export const project = (runtime: string, main = ""): string =>
  `name: shop\nruntime: ${runtime}\n${main === "" ? "" : `main: ${main}\n`}`;

const TSC = join(ROOT, "node_modules/typescript/bin/tsc");

export async function checkTypes(folder: string): Promise<void> {
  const args = [TSC, "--noEmit", "--project", folder];
  const { code, stdout, stderr } = await run(process.execPath, args, { cwd: folder, limitMs: 5 * 60_000 });
  if (code !== 0) throw new Error(stdout + stderr);
}

/** Previews the program, does what each of its findings says, and previews it again. */
export async function pasteAll(setting: Setting): Promise<void> {
  const folder = newFolder(join(CACHE, "snippets"));
  try {
    const { PATH, ...others } = (await setting.prepare?.(folder)) ?? {};
    for (const [name, content] of Object.entries(setting.others ?? {})) {
      writeFileSync(join(folder, name), content);
    }
    writeFileSync(join(folder, setting.file), setting.text);
    const stack = await workspace(folder);
    try {
      const env = { ...others, ...(PATH === undefined ? {} : { PATH: `${PATH}:${stack.env.PATH ?? ""}` }) };
      await pasteInto(stack, setting, env);
    } finally {
      await stack.remove();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function pasteInto(
  stack: Workspace,
  { file, text, pack = ROOT, compile }: Setting,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  await compile?.(stack.dir);
  const before = await stack.preview({ packs: [pack], env });
  const findings = printed(before.stdout);
  const open = findings.filter(({ level }) => level === "mandatory").map(({ name }) => name);
  expect(open.sort(), before.stdout + before.stderr).to.deep.equal(["elsewhere", "mixed", 'open "kit"', "weak"]);
  const lines = findings.reduce<readonly string[]>(mended, text.split("\n"));
  writeFileSync(join(stack.dir, file), lines.join("\n"));
  await compile?.(stack.dir);
  const after = await stack.preview({ packs: [pack], env });
  // A provider of unknown version has no skipDestroy to set, which stays a note.
  const left = after.violations.filter(({ policy }) => policy !== "s3-public-access-block-skip-destroy");
  expect(left, lines.join("\n")).to.deep.equal([]);
  expect(after.code, after.stdout + after.stderr).to.equal(0);
}
