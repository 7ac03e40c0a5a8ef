import { didYouMean, type Exempted, nameIn } from "../../policypack/face";
import type { Report } from "../report/report";
import { OWN } from "../report/rules";

/**
 * All that must be exempt for the resource of that logical name or URN to be public; or why it can't be exempted. A bucket
 * comes before what else has its name, such as its ACL.
 */
export function meant(name: string, { findings, bucketUrns = [] }: Report): readonly Exempted[] | string {
  const own = findings.filter(({ pack }) => pack === OWN);
  const urns = [...new Set([...bucketUrns, ...own.map(({ urn }) => urn)])];
  const named = urns.filter((urn) => nameIn(urn) === name);
  const buckets = named.filter((urn) => bucketUrns.includes(urn));
  const [urn, ...others] = urns.includes(name) ? [name] : buckets.length > 0 ? buckets : named;
  if (urn === undefined) {
    const known = name.startsWith("urn:") ? urns : urns.map(nameIn);
    return `${name}: there is no such bucket in the stack${didYouMean(name, known, (each) => each)}`;
  }
  if (others.length > 0) return [`${name}: give the URN of one of these:`, urn, ...others].join("\n  ");
  if (urn.includes("*")) return `${name}: the * in its URN would stand for other resources too`;
  const about = own.filter((each) => each.urn === urn);
  const exempted = about.flatMap(({ policy, kind, published }) => {
    // How to exempt what was exempt until some day isn't said again.
    const again = kind !== "exempt" && published?.exemption !== undefined ? [{ policy, urn }] : [];
    return published?.howToExempt?.exempted ?? again;
  });
  if (exempted.length > 0) return exempted;
  const isExempt = about.some(({ kind }) => kind === "exempt");
  return `${name}: ${isExempt ? "it is exempt already" : "nothing blocks it"}`;
}
