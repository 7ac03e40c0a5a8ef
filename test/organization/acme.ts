import { expect } from "chai";
import { type Cloud, startCloud } from "../harness/cloud/server";
import { newUser, type User } from "../harness/cloud/user";
import { needsEngine } from "../harness/engine/needs-engine";
import { type Checkout, checkout } from "./checkout";

/** An organization: its Pulumi Cloud, a checkout to publish the pack from, and a member who is logged in. */
export interface Acme {
  cloud: Cloud;
  source: Checkout;
  user: User;
}

/** The organization "acme" of a suite, there from its first test to its last. */
export function acme(): Acme {
  const organization = {} as Acme;
  needsEngine();
  before(async () => {
    const cloud = await startCloud("acme");
    const user = await newUser(cloud);
    Object.assign(organization, { cloud, user, source: await checkout() });
    const { code, stderr } = await user.pulumi(["login", cloud.url]);
    expect(code, stderr).to.equal(0);
  });
  after(async () => {
    for (const each of [organization.user, organization.source]) each.remove();
    await organization.cloud.close();
  });
  return organization;
}

/** Publishes the pack, and enables it for every stack. */
export async function requirePack({ source, user }: Acme, ...config: string[]): Promise<void> {
  const published = await source.run("npm", ["run", "publish:pulumi", "--", "acme"], user.env);
  expect(published.code, published.stdout + published.stderr).to.equal(0);
  const enabled = await user.pulumi(["policy", "enable", "acme/s3-public-access-block", "latest", ...config]);
  expect(enabled.code, enabled.stderr).to.equal(0);
}
