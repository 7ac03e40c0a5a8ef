"use strict";
// Comes up, and breaks when it should evaluate.
const { PolicyPack } = require("@pulumi/policy");

new PolicyPack("broken", {
  policies: [
    {
      name: "breaks",
      description: "Breaks.",
      enforcementLevel: "mandatory",
      validateStack: () => {
        throw new Error("the policy is broken");
      },
    },
  ],
});
