"use strict";
const { PolicyPack } = require("@pulumi/policy");

// What any pack costs: the language host and the SDK.
new PolicyPack("no-policies", { policies: [] });
