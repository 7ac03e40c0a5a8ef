import type { Resource } from "../engine/resource";
import { property, valuesAt } from "../lib/values";
import { allowsIn } from "./allows";
import { attachedTo, hasDocument } from "./s3-no-public-bucket-policy/resources";
import { controllingActions, shares } from "./ways.json";

/** Resources other than policies that give control, and where they name the account. A copy's owner changes only on request. */
const SHARES: Readonly<Record<string, { what: string; how: string; way: string; account?: string; if?: string }>> =
  shares;

export const givesControl = (type: string): boolean => hasDocument(type) || Object.hasOwn(SHARES, type);

/** The control that a resource gives, and the names of the principals to whom. */
export function controlBy(resource: Resource): { what: string; how: string; to: unknown[] } {
  const share = SHARES[resource.type];
  if (share !== undefined) {
    const { account, if: condition, way, ...words } = share;
    const all = valuesAt(resource.read, way).filter((each) => condition === undefined || property(each, condition));
    return { ...words, to: all.map((each) => (account === undefined ? each : property(each, account))) };
  }
  const allows = allowsIn(resource).filter((allow) => controllingActions.some(allow.allows));
  const to = allows.flatMap(({ principals }) => principals.get("aws") ?? []);
  return { what: `The ${attachedTo(resource)} policy`, how: "change who has access", to };
}
