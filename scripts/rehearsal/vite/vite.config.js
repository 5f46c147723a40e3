// The page may lie below any path of its server.
export default { base: './' };
