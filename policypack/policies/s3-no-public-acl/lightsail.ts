import { isObject, property, UNKNOWN } from "../../lib/values";
import type { AclVerdict } from "./rule";

/**
 * Whether the access rules of a Lightsail bucket make it public ("AccessRules", Amazon Lightsail API Reference). No public
 * access block of a bucket applies to it.
 *
 * PASS     no rules; `getObject` is `private` or left out, and `allowPublicOverrides` is false or left out
 * FAIL     `getObject` is `public`: anyone reads all objects. `allowPublicOverrides` is true: an object's ACL can make it public
 * UNKNOWN  rules that aren't known yet, and nothing that fails
 */
export function evaluateAccessRules(rules: unknown): AclVerdict {
  if (rules === undefined || rules === null) return { kind: "not-public" };
  if (rules === UNKNOWN) return { kind: "unknown", reason: "the access rules are not known yet" };
  if (!isObject(rules)) return { kind: "unreadable", reason: "the access rules are not an object" };
  const [getObject, overrides] = [property(rules, "getObject"), property(rules, "allowPublicOverrides")];
  const by = [
    ...(isOf(getObject, "public") ? ["getObject is public"] : []),
    ...(isOf(overrides, "true") ? ["allowPublicOverrides lets objects be public"] : []),
  ];
  if (by.length > 0) return { kind: "public", by };
  return getObject === UNKNOWN || overrides === UNKNOWN
    ? { kind: "unknown", reason: "a rule of its access is not known yet" }
    : { kind: "not-public" };
}

function isOf(value: unknown, text: string): boolean {
  return typeof value !== "symbol" && String(value).toLowerCase() === text;
}
