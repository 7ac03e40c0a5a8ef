/* What the command line has of the pack without its rules: metadata, findings, exemptions, adapters and AWS facts. */
export type { Resource } from "./engine/resource";
export { documentFor, exceptionsFor, type Exempted } from "./exemptions/entry";
export { compiled, exemptionFor, matches } from "./exemptions/match";
export { contactOf, type Exemption } from "./exemptions/options";
export {
  exempt,
  type Finding,
  fix,
  type Fix,
  fixesOf,
  type Kind,
  listOf,
  type Published,
  quoted,
  QUOTED,
  said,
  type Said,
  unseeable,
} from "./findings/finding";
export { type Line, linesOf, read, titleOf } from "./findings/text";
export { coveredBy, isViolation, type Matched, published, withExemptions } from "./findings/with-exemptions";
export { metas } from "./policies/meta";
export type { Assessment, Block, Bucket } from "./policies/s3-bucket-public-access-block/rule";
export { isAdapted, adapt } from "./adapters";
export { languageOf, named } from "./adapters/fixes";
export { isTemplate } from "./adapters/types";
export { isAddressOf, UNSEEN } from "./adapters/unseen";
export { problemsOfAll, readConfiguration } from "./policy/configuration";
export type { Meta, Options, PackPolicy } from "./policy/definition";
export { languages } from "./policy/program";
export { capitalized } from "./lib/case";
export { dayAfter, isDay, today } from "./lib/days";
export { FLAGS, gaps } from "./aws/flags";
export { type Language, type LanguageName, languageOfRuntime, LANGUAGES } from "./languages";
export { parseJson } from "./lib/json-text";
export { firstLine, groupBy } from "./lib/lists";
export { isSamePartition, partitionOf, type Scope } from "./aws/partition";
export { SECRET, SIGNATURE, UNKNOWNS } from "./lib/sentinels";
export { knowsSkipDestroy } from "./aws/skip-destroy";
export { didYouMean, unknownPolicy } from "./lib/suggest";
export { ACCOUNT_BLOCK, BLOCK, BUCKETS, isOfAws, NATIVE_BUCKET } from "./aws/types";
export { isInside, nameIn, pathIn, typeIn } from "./lib/urn";
export { firstKnown, hasUnknown, isObject, isText, type Read, UNKNOWN } from "./lib/values";
