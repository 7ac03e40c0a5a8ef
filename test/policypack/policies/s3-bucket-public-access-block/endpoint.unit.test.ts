import { expect } from "chai";
import { UNKNOWN } from "../../../../policypack/shared/values";
import { s3Endpoint } from "../../../../policypack/policies/s3-bucket-public-access-block/endpoint";

describe("The S3 endpoint of a provider", () => {
  const cases: [string, unknown, unknown][] = [
    ["is AWS's where none is given", undefined, undefined],
    ["is AWS's where the list is empty", "[]", undefined],
    ["is AWS's where only other services have one", '[{"sqs":"http://localhost:4566"}]', undefined],
    ["is AWS's where it is empty", '[{"s3":""}]', undefined],
    ["is read from the JSON that the SDK sends", '[{"s3":"http://localhost:4566"}]', "http://localhost:4566"],
    ["is read from a list", [{ s3: "http://localhost:4566" }], "http://localhost:4566"],
    ["is read from an object", { s3: "http://localhost:4566" }, "http://localhost:4566"],
    ["is also called s3api", '[{"s3api":"http://localhost:4566"}]', "http://localhost:4566"],
    [
      "is the same with a slash and in capitals",
      '[{"s3":"HTTP://LocalHost:4566/"}]',
      "http://localhost:4566",
    ],
    ["is unknown where the whole is", UNKNOWN, UNKNOWN],
    ["is unknown where one of the list is", [UNKNOWN], UNKNOWN],
    ["is unknown where the URL is", [{ s3: UNKNOWN }], UNKNOWN],
    ["is unknown where two differ", '[{"s3":"http://a"},{"s3":"http://b"}]', UNKNOWN],
    ["is unknown where it can't be read", "http://localhost:4566", UNKNOWN],
    ["is unknown where it is not a string", [{ s3: 1 }], UNKNOWN],
  ];
  for (const [title, endpoints, expected] of cases) {
    it(title, () => {
      expect(s3Endpoint((key) => (key === "endpoints" ? endpoints : undefined))).to.equal(expected);
    });
  }
});
