import { secret, UNKNOWN, type Diagnostic, type Props, type Value } from "../../../harness/engine/analyzer";
import { ON } from "../resources";

/*
 * What every policy on the four flags of a public access block has in common. A policy's test gives a resource that complies
 * but for its flags, and what the policy says of flags that aren't on.
 */

/** The names of the four flags, in the order in which they are told. */
export const FLAGS = Object.keys(ON);
export const UNVERIFIED = "can't be verified: its value isn't known before the update";
export const UNSET = "is left out, which means false";
export const OFF = "is false, which is also what it is when left out";

/** A flag and what is said of it. */
export type Gap = [flag: string, state: string];

export const each = (state: string): Gap[] => FLAGS.map((flag) => [flag, state]);

/** The lines of a message: what is wrong with each flag, and the code that fixes it. */
export const gapLines = (gaps: Gap[], fix: string): string[] => [
  ...gaps.map(([flag, state]) => `  ${flag} ${state}`),
  fix,
  ...gaps.map(([flag]) => `      ${flag}: true,`),
];

interface Suite {
  /** Expects these diagnostics, and no others, of the resource with these flags. */
  expectOf: (flags: Props, diagnostics: Diagnostic[], why: string) => Promise<void>;
  /** What is said of flags that aren't on. */
  finding: (gaps: Gap[]) => Diagnostic;
  /** What is said of one that is false. */
  off?: string;
  /** What is said of one that is left out; null where it is on then. */
  unset?: string | null;
}

/** Tests each flag by itself in every state that it can have, and several at once. */
export function testFourFlags({ expectOf, finding, off = OFF, unset = UNSET }: Suite): void {
  const findingsOf = (gaps: Gap[]): Diagnostic[] => (gaps.length === 0 ? [] : [finding(gaps)]);

  it("passes one that has the four flags on, also as secrets", async () => {
    const secrets = Object.fromEntries(FLAGS.map((flag) => [flag, secret(true)]));
    for (const flags of [ON, secrets]) await expectOf(flags, [], "on");
  });

  for (const flag of FLAGS) {
    it(`blocks one whose ${flag} isn't on`, async () => {
      const states: [Value, string][] = [
        [false, off],
        [secret(false), off],
        [UNKNOWN, UNVERIFIED],
        ...["true", 1, {}, [true]].map((value): [Value, string] => [value, "is not a boolean"]),
      ];
      for (const [value, state] of states)
        await expectOf({ ...ON, [flag]: value }, [finding([[flag, state]])], state);
    });

    it(`${unset === null ? "passes" : "blocks"} one that leaves ${flag} out`, async () => {
      const without = Object.fromEntries(Object.entries(ON).filter(([key]) => key !== flag));
      for (const flags of [without, { ...without, [flag]: null }])
        await expectOf(flags, findingsOf(unset === null ? [] : [[flag, unset]]), "left out");
    });
  }

  it("names every flag that isn't on, in one finding", async () => {
    const flags: Props = { blockPublicAcls: true, ignorePublicAcls: 0, blockPublicPolicy: UNKNOWN };
    const gaps: Gap[] = [
      ["ignorePublicAcls", "is not a boolean"],
      ["blockPublicPolicy", UNVERIFIED],
    ];
    if (unset !== null) gaps.push(["restrictPublicBuckets", unset]);
    await expectOf(flags, [finding(gaps)], "several");
  });
}
