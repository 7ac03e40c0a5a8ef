import validate from "validate-npm-package-name";

/** What npm would refuse, or warn of, in the name of a new package; empty when nothing. */
export function nameProblems(name: string): string[] {
  const { errors = [], warnings = [] } = validate(name);
  return [...errors, ...warnings];
}
