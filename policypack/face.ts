/* What the command line has of the pack without its rules: metadata, findings, exemptions, adapters and AWS facts. */
export type { Provider, Resource } from "./engine/resource";
export { documentFor, exceptionsFor, type Exempted } from "./exemptions/entry";
export { compiled, matches } from "./exemptions/match";
export { readExemptions } from "./exemptions/read";
export type { Exemption } from "./exemptions/schema";
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
export { isRoad, roads } from "./roads";
export { languageOf, named } from "./roads/fixes";
export { isTemplate } from "./roads/types";
export { isAddressOf, UNSEEN } from "./roads/unseen";
export type { Options, PackPolicy } from "./sdk/definition";
export { languages } from "./sdk/program";
export { capitalized } from "./shared/case";
export { contactOf, contactProblem } from "./shared/contact";
export { dayAfter, isDay, today } from "./shared/days";
export { FLAGS, gaps } from "./shared/flags";
export {
  type Former,
  type Language,
  type LanguageName,
  languageOfRuntime,
  LANGUAGES,
} from "./shared/languages";
export { firstLine, groupBy } from "./shared/lists";
export { isSamePartition, partitionOf, type Scope } from "./shared/partition";
export { SECRET, SIGNATURE, UNKNOWNS } from "./shared/sentinels";
export { knowsSkipDestroy } from "./shared/skip-destroy";
export { didYouMean, unknownPolicy } from "./shared/suggest";
export { ACCOUNT_BLOCK, BLOCK, BUCKETS, isOfAws, NATIVE_BUCKET } from "./shared/types";
export { isInside, nameIn, pathIn, typeIn } from "./shared/urn";
export { firstKnown, isObject, isText, type Read, UNKNOWN } from "./shared/values";
