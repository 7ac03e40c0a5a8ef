/**
 * The main job, seen at work: the reference stack, which has to pass, and a program that leaves its buckets open in the usual
 * ways, which must be blocked for exactly these reasons. First under the mocks of Pulumi's SDK, which takes seconds and needs
 * no Pulumi CLI; then with the real CLI, which may have to be installed or built. Exits with 0 only if both say so.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { runtime } from "@pulumi/pulumi";
import { engine, workspace } from "./engine";
import { boot } from "./engine/analyzer";
import type { Props, Resource } from "./engine/analyzer";
import { ROOT } from "./engine/paths";

const PACK = join(ROOT, "dist/policypack");

/** Programs, and the logical names of the buckets that must be found open. */
const PROGRAMS = [
  { title: "The reference stack", folder: ROOT, entry: "stack/index.ts", open: [] },
  {
    title: "A program that leaves buckets open",
    folder: join(ROOT, "test/programs/open-buckets"),
    entry: "index.js",
    open: ["leftOut", "mixedUp", "noBlock", "oneOff"],
  },
];
type Program = (typeof PROGRAMS)[number];
type Finding = Record<"policy" | "level" | "urn" | "message", string>;

const [PROJECT, STACK] = ["s3-public-access-block", "dev"];
const urnOf = (type: string, name: string): string => `urn:pulumi:${STACK}::${PROJECT}::${type}::${name}`;
const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");

/** The custom resources that a program declares, as the mocks make them: a bucket's ID is its name. */
async function declared({ folder, entry }: Program): Promise<{ resource: Resource; inputs: Props }[]> {
  const type = "pulumi:providers:aws";
  const provider = { type, urn: urnOf(type, "default"), name: "default", props: { region: "us-east-1" } };
  const made: { resource: Resource; inputs: Props }[] = [];
  await runtime.setMocks(
    {
      newResource: ({ type, name, inputs, custom }) => {
        if (custom !== true) return { id: undefined, state: {} };
        const given = inputs as Props & { bucket?: string };
        const bucket = given.bucket ?? `${name.toLowerCase()}-1a2b3c4`;
        const props: Props = { ...given, bucket, arn: `arn:aws:s3:::${bucket}` };
        made.push({ resource: { type, urn: urnOf(type, name), name, props, provider }, inputs: given });
        return { id: bucket, state: props };
      },
      call: () => ({ partition: "aws" }),
    },
    PROJECT,
    STACK,
  );
  createRequire(__filename)(join(folder, entry));
  await runtime.disconnect(); // Waits for what is still being registered.
  if (made.length === 0) throw new Error(`${entry} declares nothing`);
  return made;
}

/** The pack's findings on a program whose resources are mocked, over the protocol that the engine speaks. */
async function underMocks(program: Program): Promise<Finding[]> {
  const made = await declared(program);
  const pack = await boot(PACK);
  try {
    const findings: Finding[] = [];
    for (const { resource, inputs } of made) findings.push(...(await pack.analyze({ ...resource, props: inputs })));
    return [...findings, ...(await pack.analyzeStack(made.map(({ resource }) => resource)))];
  } finally {
    await pack.close();
  }
}

/** The report of a preview by the CLI. @throws Error with its output when the pack took no part or the exit code contradicts */
async function withTheCli({ folder }: Program): Promise<Finding[]> {
  const stack = await workspace(folder);
  try {
    const { code, stdout, stderr, events, violations } = await stack.preview({ packs: [PACK] });
    const isBlocked = violations.some(({ level }) => level === "mandatory");
    const ran = events.some(({ policyAnalyzeStackSummaryEvent: summary }) =>
      JSON.stringify(summary ?? {}).includes('"policyPackName":"s3-public-access-block"'),
    );
    if (!ran || isBlocked !== (code !== 0)) throw new Error(`\n${stdout}${stderr}`);
    return violations;
  } finally {
    await stack.remove();
  }
}

/** Prints the verdict on each program, and the first line of each finding. Returns whether all are as they have to be. */
async function show(evaluate: (program: Program) => Promise<Finding[]>): Promise<boolean> {
  let isRight = true;
  for (const program of PROGRAMS) {
    const blocking = (await evaluate(program)).filter(({ level }) => level === "mandatory");
    const reasons = blocking.map(({ policy, urn }) => `${policy}: ${nameOf(urn)}`).sort();
    const wanted = program.open.map((name) => `s3-bucket-public-access-block: ${name}`);
    const isWanted = reasons.join() === wanted.join();
    const verdict = reasons.length === 0 ? "passed" : `blocked, for ${String(reasons.length)} reasons`;
    console.log(`${isWanted ? "✔" : "✘"} ${program.title}: ${verdict}`);
    if (!isWanted) console.log(`    expected: ${wanted.join(", ")}\n    found: ${reasons.join(", ")}`);
    for (const { message } of blocking) console.log(`    - ${message.split("\n")[0] ?? ""}`);
    isRight &&= isWanted;
  }
  return isRight;
}

async function main(): Promise<void> {
  console.log("Under the mocks of Pulumi's SDK, without a CLI and without AWS:\n");
  const mocked = await show(underMocks);

  console.log("\nLooking for a Pulumi CLI …");
  const { version, origin } = await engine((line) => {
    console.log(line);
  });
  console.log(`\nIn previews by the Pulumi CLI ${version} (${origin}):\n`);
  const previewed = await show(withTheCli);

  console.log(`
To try it on a program of yours, in its folder:

  pulumi preview --policy-pack ${PACK}
  node ${join(ROOT, "dist/cli/main.js")} preview --stack STACK

README.md says how to install it.`);
  process.exitCode = mocked && previewed ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
