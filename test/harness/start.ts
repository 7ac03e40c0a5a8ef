/**
 * The main job, seen at work: previews the reference stack, which has to pass, and a program that leaves its buckets open
 * in the usual ways, which must be blocked for exactly these reasons. Exits with 0 only then.
 */
import path from "node:path";
import { engine, workspace, type Run } from "./engine";

const ROOT = path.resolve(__dirname, "../..");

/** What must be found in test/programs/open-buckets: policy and logical name. */
const REASONS = [
  "s3-bucket-public-access-block: leftOut",
  "s3-bucket-public-access-block: mixedUp",
  "s3-bucket-public-access-block: noBlock",
  "s3-bucket-public-access-block: oneOff",
];

async function preview(program: string): Promise<Run> {
  const stack = await workspace(program);
  try {
    return await stack.preview({ packs: [ROOT] });
  } finally {
    await stack.remove();
  }
}

/** The verdicts of the mandatory kind, as REASONS lists them. */
function reasonsOf({ violations }: Run): string[] {
  const blocking = violations.filter(({ level }) => level === "mandatory");
  return blocking.map(({ policy, urn }) => `${policy}: ${urn.split("::").slice(3).join("::")}`).sort();
}

/** A preview without a violation proves something only if the pack took part in it. */
const ranThePack = ({ events }: Run): boolean =>
  events.some(({ policyAnalyzeStackSummaryEvent: summary }) =>
    JSON.stringify(summary ?? {}).includes('"policyPackName":"s3-public-access-block"'),
  );

async function main(): Promise<boolean> {
  console.log("Looking for a Pulumi CLI …");
  const { version, origin } = await engine((line) => {
    console.log(`  ${line}`);
  });
  console.log(`  Pulumi ${version} (${origin})`);

  console.log("Previewing the reference stack (stack/) …");
  const good = await preview(ROOT);
  const passed = good.code === 0 && ranThePack(good) && reasonsOf(good).length === 0;
  if (!passed) console.log(`\n${good.stdout}${good.stderr}`);

  console.log("Previewing a program that leaves buckets open …");
  const bad = await preview("open-buckets");
  const reasons = reasonsOf(bad).join(", ");
  const blocked = bad.code !== 0 && reasons === REASONS.join(", ");
  if (!blocked) console.log(`\n${bad.stdout}${bad.stderr}\nexpected: ${REASONS.join(", ")}\nfound: ${reasons}`);
  for (const { urn, message } of bad.violations) console.log(`\n${urn}\n${message}`);

  const so = `blocked, for ${String(REASONS.length)} reasons`;
  console.log(`
${passed ? "✔" : "✘"} the locked-down stack ${passed ? "passed" : "did NOT pass"}
${blocked ? "✔" : "✘"} the open buckets were ${blocked ? so : "NOT blocked for exactly the right reasons"}`);
  return passed && blocked;
}

main().then(
  (ok) => {
    process.exitCode = ok ? 0 : 1;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
