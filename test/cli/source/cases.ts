import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { makerIn, takenIn } from "../../../cli/source/find";
import { applyEdits, type SourceFix, toEdit } from "../../../cli/source/edit";
import { fix } from "../../../cli/source/fix";
import { grammarOf, parse } from "../../../cli/source/syntax";
import { declarationOf } from "../../../cli/source/yaml";
import { ROOT } from "../../harness/engine/paths";

/** A program of test/testdata/fix, whose README says how they are written. */
export interface Case {
  readonly title: string;
  readonly file: string;
  readonly before: string;
  /** Undefined where nothing is changed. */
  readonly after?: string;
  /** Why nothing is changed. */
  readonly why?: string;
  readonly settings: Readonly<Record<string, string>>;
}

const FLAGS = ["blockPublicAcls", "ignorePublicAcls", "blockPublicPolicy", "restrictPublicBuckets"];
const SETTINGS: Readonly<Record<string, (flag: string) => string>> = {
  py: (flag) => `${flag.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}=True,`,
  go: (flag) => `${`${flag.charAt(0).toUpperCase()}${flag.slice(1)}:`.padEnd(22)} pulumi.Bool(true),`,
  yaml: (flag) => `${flag}: true`,
};
const GO = `package shop

import (
\t"github.com/pulumi/pulumi-aws/sdk/v7/go/aws/s3"
\t"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

`;

export function readCases(kind = "fix"): Case[] {
  const folder = join(ROOT, "test/testdata", kind);
  return readdirSync(folder)
    .filter((name) => name.endsWith(".txt"))
    .flatMap((name) => readFileSync(join(folder, name), "utf8").split(/^=== /m).slice(1).map(readCase));
}

function readCase(given: string): Case {
  const [head = "", before = "", after = ""] = given.split(/^--- .*\n/m);
  const [file = "", kind] = [...given.matchAll(/^--- (.*)$/gm)].map(([, word = ""]) => word);
  const [title = "", ...lines] = head.trimEnd().split("\n");
  const setting = SETTINGS[file.split(".").at(-1) ?? ""] ?? ((flag: string) => `${flag}: true,`);
  const program = (text: string): string =>
    (file.endsWith(".go") && !text.includes("package ") ? GO : "") +
    `${text.trimEnd()}\n`.replace(/^([ \t]*)FLAGS$/gm, (_, indent: string) =>
      FLAGS.map((flag) => indent + setting(flag)).join("\n"),
    );
  return {
    ...{ title, file, before: program(before) },
    ...(kind === "fixed" ? { after: program(after) } : { why: after.trim() }),
    settings: Object.fromEntries(lines.map((line) => line.split(/: (.*)/))) as Record<string, string>,
  };
}

/** What is changed, and the program with it. */
export function mended({ file, before: text, settings }: Case): { found?: SourceFix | undefined; after: string } {
  const { name = "site", wanted = "", taken = "" } = settings;
  const kind = wanted === "" ? "block" : wanted === "private" ? "private" : "properties";
  const type = kind === "properties" ? BLOCK : (settings.type ?? BUCKET);
  const properties = kind === "properties" ? wanted.split(" ") : kind === "block" ? FLAGS : [];
  const resource = { type, name };
  const grammar = grammarOf(file);
  const source = grammar && parse(text, grammar, file);
  const call = source && makerIn(source, resource, true);
  const declared = grammar === undefined ? declarationOf(text, resource) : undefined;
  const blocks = taken.split(" ").map((each) => ({ type: BLOCK, name: each }));
  const code = source && call ? { source, call } : declared && { declared };
  const isTaken = source && call ? takenIn([{ type: BUCKET, name }, ...blocks])(source, call) : () => false;
  const found = code && fix(code, { kind, properties }, { properties, isTaken, names: [name] });
  const groups = found?.groups.filter(({ length }) => length > 0) ?? [];
  const edits = groups.map((group) => toEdit(file, text, group));
  return { found, after: applyEdits(text, edits) };
}

export const BUCKET = "aws:s3/bucket:Bucket";
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
