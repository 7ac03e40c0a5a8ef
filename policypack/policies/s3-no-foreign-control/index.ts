import type { Resource } from "../../engine/resource";
import { property, valuesAt } from "../../lib/values";
import type { StackPolicy } from "../../policy/definition";
import { adviceOn, listed } from "../advice";
import { allowsIn } from "../allows";
import { metaOf } from "../meta";
import { attachedTo, hasDocument } from "../s3-no-public-bucket-policy/resources";
import { controllingActions, shares } from "../ways.json";

/** Other types that share with another account, and where its name is. A copy's owner changes only where that is asked for. */
const SHARES: Readonly<Record<string, { what: string; how: string; way: string; account?: string; if?: string }>> =
  shares;

/** The principals that a resource gives something to, by their names, and the words for it. */
function given(resource: Resource): { what: string; how: string; to: unknown[] } {
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

export const s3NoForeignControl: StackPolicy = {
  ...metaOf("s3-no-foreign-control"),
  reads: (type) => hasDocument(type) || Object.hasOwn(SHARES, type),
  evaluateStack: adviceOn("foreign-control", (_, { trustedAccounts }) => (resource) => {
    const { to, ...words } = given(resource);
    const own = `${String(trustedAccounts)} ${String(resource.provider?.read("allowedAccountIds"))}`;
    const found = to.flatMap((name) => /^(?:arn:[^:]+:iam::)?(\d{12})(?::|$)/.exec(String(name))?.[1] ?? []);
    const accounts = listed(found.filter((account) => !own.includes(account)));
    return accounts === undefined ? undefined : { ...words, accounts };
  }),
};
