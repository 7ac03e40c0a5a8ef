import { isIP } from "node:net";
import { isObject, UNKNOWN } from "../../lib/values";
import { printable, textOf } from "../../lib/json-text";
import { fixedTextKeys } from "../ways.json";
import { isFixed, listOf, members } from "./text";

/**
 * Whether the conditions of a statement pin whom it lets in, as S3 sees it ("The meaning of 'public'" in "Blocking
 * public access to your Amazon S3 storage", Amazon S3 User Guide). Conditions are ANDed, so one that pins is enough.
 *
 * PASS     a condition whose operator says that the key has one of its values, whose key is in KEYS, and all of whose
 *          values (they are ORed) are fixed: no `*`, no `?`, no `${variable}`, not empty
 * FAIL     anything else. So don't pin, among others:
 *          - operators that a request without the key passes: `...IfExists`, `ForAllValues:`, the negated ones, `Null`
 *          - keys that anyone's request can have: aws:SecureTransport, aws:Referer, aws:username, aws:PrincipalTag/...,
 *            aws:PrincipalType; and keys that the guide doesn't list: aws:SourceOrgID, aws:VpcSourceIp, ...
 *          - a literal `*` or `?` under StringEquals or ArnEquals, since the guide makes no difference
 * UNKNOWN  a condition that pins if what isn't known yet turns out to be fixed, and no other that pins
 */
export interface Pinning {
  readonly pins: "yes" | "no" | "unknown";
  /** Of a condition: its operator, and its key. */
  readonly name: string;
  /** Its gap, in words that follow the name. */
  readonly lack: string;
}

/**
 * The kind of resource that has a policy document. Multi-Region Access Points count as access points. The one difference is a
 * wildcard in s3:DataAccessPointArn.
 */
export type AttachedTo = "bucket" | "access point" | "vault" | "container";

/** The operators that say "is one of these values" and that a request without the key doesn't pass. */
const TEXT = ["stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"];
const ADDRESS = ["ipaddress"];

interface Key {
  operators: readonly string[];
  isFixed: (text: string, attachedTo: AttachedTo) => boolean;
  /** Said of a condition with a value that isn't. */
  lack: string;
}

const TEXT_KEY: Key = { operators: TEXT, isFixed, lack: "has a value that isn't fixed" };
const SESSION = /^(?:AROA[^:]*|AROLEID):/i;
const USER_LACK = "has a value that isn't fixed, or is a session of a role";
const RANGE_LACK = "has a value that is wider than /8 (IPv4) or /32 (IPv6), or no range";

/**
 * The keys in the guide's list. Of "an AWS principal, user, role, or service principal (e.g. aws:PrincipalOrgID)" these
 * are the keys whose values belong to one organization, account, principal or service.
 */
const KEYS = new Map<string, Key>([
  ...fixedTextKeys.map((name): [string, Key] => [name, TEXT_KEY]),
  ["s3:dataaccesspointarn", { ...TEXT_KEY, isFixed: isAccessPoint }],
  // "outside the pattern AROLEID:*": a role's ID before a colon is a session of the role, whoever assumed it.
  ["aws:userid", { ...TEXT_KEY, isFixed: (text) => isFixed(text) && !SESSION.test(text), lack: USER_LACK }],
  ["aws:sourceip", { operators: ADDRESS, isFixed: isNarrowRange, lack: RANGE_LACK }],
]);

/**
 * Of each condition whether it pins.
 * @throws Malformed if an operator or a key is given twice.
 */
export function pinningsOf(condition: unknown, attachedTo: AttachedTo): Pinning[] {
  if (condition === UNKNOWN) return [{ pins: "unknown", name: "Condition", lack: "" }];
  if (!isObject(condition)) return [];
  return [...members(condition).values()].flatMap(({ name: operator, value: keys }): Pinning[] => {
    const name = printable(operator);
    const folded = operator.toLowerCase().replace(/^foranyvalue:/, "");
    if (![...TEXT, ...ADDRESS].includes(folded)) return [{ pins: "no", name, lack: "pins nothing" }];
    if (keys === UNKNOWN) return [{ pins: "unknown", name, lack: "" }];
    if (!isObject(keys)) return [{ pins: "no", name, lack: "has no keys" }];
    return [...members(keys).values()].map((each) => {
      const key = KEYS.get(each.name.toLowerCase());
      const pins = key?.operators.includes(folded) ? pinsBy(key, listOf(each.value), attachedTo) : undefined;
      const lack = (pins && key?.lack) ?? "pins nothing";
      return { pins: pins ?? "no", name: `${name} ${printable(each.name)}`, lack };
    });
  });
}

function pinsBy(key: Key, values: readonly unknown[], attachedTo: AttachedTo): Pinning["pins"] {
  const known = values.filter((each) => each !== UNKNOWN).map(textOf);
  const areFixed = known.every((text) => text !== undefined && key.isFixed(text, attachedTo));
  if (values.length === 0 || !areFixed) return "no";
  return known.length === values.length ? "yes" : "unknown";
}

/** A bucket's policy may let in all the access points of one account; an access point's policy may not. */
function isAccessPoint(text: string, attachedTo: AttachedTo): boolean {
  const ofOneAccount = /^arn:[a-z-]+:s3:[a-z0-9-]*:\d{12}:accesspoint\/[^$]*$/;
  return isFixed(text) || (attachedTo === "bucket" && ofOneAccount.test(text));
}

/**
 * A range no wider than /8 (IPv4) or /32 (IPv6); a bare address is a range of one. The guide leaves RFC 1918's private
 * ranges aside: the widest of them is a /8, so the width alone decides for them too. IPv6 ranges whose first group is
 * zero are IPv4 in disguise (`::ffff:0:0/96` is all of it). Each range is evaluated on its own, as in the guide.
 */
function isNarrowRange(text: string): boolean {
  const [address = "", width, ...rest] = text.split("/");
  const family = isIP(address);
  if (family === 0 || address.includes("%") || rest.length > 0) return false;
  if (width === undefined) return true;
  if (!/^\d{1,3}$/.test(width)) return false;
  if (family === 4) return Number(width) >= 8 && Number(width) <= 32;
  return Number(width) >= 32 && Number(width) <= 128 && !/^0*:/.test(address);
}
