// The sign-on plugin's types name samlify, whose own types bring those of the browser into every file of the server
// (tsconfig.json, `paths`). The plugin's types need no more of it than this.
declare const samlify: unknown;
export default samlify;
