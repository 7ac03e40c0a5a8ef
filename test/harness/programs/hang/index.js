"use strict";
// Never ends, so that a run of it can be cancelled.
setInterval(() => {}, 1000);
console.log("hanging");
