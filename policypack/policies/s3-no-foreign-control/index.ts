import type { StackPolicy } from "../../policy/definition";
import { adviceOn, listed } from "../advice";
import { controlBy, givesControl } from "../control";
import { metaOf } from "../meta";

const ACCOUNT = /^(?:arn:[^:]+:iam::)?(\d{12})(?::|$)/;

export const s3NoForeignControl: StackPolicy = {
  ...metaOf("s3-no-foreign-control"),
  reads: givesControl,
  evaluateStack: adviceOn("foreign-control", (_, { trustedAccounts }) => (resource) => {
    const { to, ...words } = controlBy(resource);
    const own = `${String(trustedAccounts)} ${String(resource.provider?.read("allowedAccountIds"))}`;
    const found = to.flatMap((name) => ACCOUNT.exec(String(name))?.[1] ?? []);
    const accounts = listed(found.filter((account) => !own.includes(account)));
    return accounts === undefined ? undefined : { ...words, accounts };
  }),
};
