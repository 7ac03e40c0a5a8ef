"use strict";
const { PolicyPack } = require("@pulumi/policy");

// What any stack policy costs: the SDK unpacks the resources for it.
new PolicyPack("empty-stack-policy", {
  policies: [{ name: "empty", description: "Nothing.", enforcementLevel: "mandatory", validateStack: () => {} }],
});
