// What every cold start is compared with: Node itself, and a function that does nothing.
exports.handler = async () => ({});
