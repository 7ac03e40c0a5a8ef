import { auditLog } from "../../cli/report/log";
import { auditOf, stackOf, WEBSITE } from "../cli/audit/audits";
import { block, bucket } from "../cli/audit/states";
import { expectSection } from "./section";

describe("The page on the audit", () => {
  it("shows what the audit prints", async () => {
    const lake = { project: "lake", stack: "prod" };
    const shop = { project: "shop", stack: "dev" };
    const result = await auditOf({
      "acme/website/prod": stackOf(
        WEBSITE,
        bucket("site", { sourcePosition: "project:///src/site.ts#3,7" }, WEBSITE),
        bucket("elsewhere", { external: true }, WEBSITE),
      ),
      "acme/lake/prod": stackOf(lake, bucket("raw", { sourcePosition: "project:///index.ts#5,1" }, lake)),
      "acme/shop/dev": stackOf(shop, bucket("data", {}, shop), block("lock", "data", {}, {}, shop)),
    });
    const lines = auditLog(result).map(({ text }) => `${text}\n`);
    await expectSection("docs/audit.md", "sample", `\`\`\`text\n${lines.join("")}\`\`\``);
  });
});
