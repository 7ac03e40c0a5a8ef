"use strict";
// Never comes up.
throw new Error("the policy pack is broken");
