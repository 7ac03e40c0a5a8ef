/*
 * The sentences that a finding begins with, by its cause, and those that code has above it, by what it does. What stands in
 * braces is a fact of the finding. text.ts writes them, and reads them back by the same list.
 */

/** The first line of a finding. */
export const HEADLINES = {
  missing: "Bucket {it} can be opened to the public: no public access block targets it.",
  unproven:
    "Bucket {it} can be opened to the public: it can't be verified that public access block {blocks} targets it.",
  misnamed:
    "Bucket {it} can be opened to the public: public access block {blocks} is made from it, and targets another name.",
  "left-out":
    "Bucket {it} can be opened to the public: --target or --exclude leaves its public access block {blocks} out of this run.",
  weak: "Bucket {it} can be opened to the public: public access block {blocks} {verb} have the four flags on.",
  "weak-inside": "Bucket {it} can be opened to the public: its {property} doesn't have the four flags on.",
  lost: "{who} can be opened to the public: {how}",
  shared: "Bucket {it} has more than one public access block: {blocks}.",
  "by-name":
    "Bucket {it} shares only its name with public access block {blocks}, made by another provider or in another region.",
  "flags-off": "Public access block {it} doesn't have the four flags on.",
  "skip-destroy": "Public access block {it} {state}: renamed or moved, it opens its bucket.",
  "account-off": "The account's public access block {it} doesn't have the four flags on.",
  "organization-off": "The organization's S3 policy {it} turns the public access block of its accounts off.",
  "access-point-off":
    "Access point {it} has a public access block that doesn't have the four flags on, and can't be changed later.",
  "public-acl": "The {access} of {it} is public: {by}.",
  "public-acl-secret": "The {access} of {it} is public; it is a secret, so what it grants isn't quoted.",
  "public-policy": "The {of} policy in {it} is public:",
  "public-folder": "Synced folder {it} makes {count} public, by {by}.",
  unverified: "{subject} can't be evaluated: {reason}. {rest}",
  unreadable: "{subject} can't be read: {reason}.",
  "unreadable-host": "{subject} can't be read, so it may open a bucket: {reason}.",
  other: "{text}",
} as const;

export type Cause = keyof typeof HEADLINES;

/** The line above code. */
export const HEADINGS = {
  add: "Add one{where}:",
  "add-inside": "Add one to its {into}:",
  "put-inside": "Put one into its {into}:",
  set: "In {it}, set",
  retain: "Upgrade to @pulumi/aws 7.2 or newer, which has skipDestroy. Until then, set in the options of {it}",
  "set-or-leave-out": "In {it}, leave the block out, which turns all four on, or set",
  "set-in-others": "To keep only one, first set in the others, and deploy",
  assign: "In its content, set",
  "name-bucket": "Name the bucket there, nothing else{where}:",
  "name-bucket-if": "If it is for this bucket{where}:",
  // The gate knows the arguments of the preview, and says which of the two.
  include: "Include it: add its URN to --target, or remove the --exclude that matches it.",
  "add-target": "Add it to the preview:",
  "remove-exclude": "Remove from the preview's arguments:",
  "name-principals": "Name the principals, or add to the statement a condition with a fixed value, in JSON such as",
  "upload-privately": "Upload them as private, and let visitors in through CloudFront (docs/recipes.md):",
  other: "{text}",
} as const;

export type FixKind = keyof typeof HEADINGS;
