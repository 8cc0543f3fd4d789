import { TOKENS_CSS } from '../platform/tokens-css.ts';

/** The page's own style: small enough to come with the page in one round trip. */
export const ACK_CSS = `
${TOKENS_CSS}
*{box-sizing:border-box;margin:0}
body{min-height:100dvh;display:flex;flex-direction:column;max-width:560px;margin:0 auto;background:var(--surface);color:var(--fg);font:400 16px/1.45 'Geist Variable',Geist,ui-sans-serif,system-ui,sans-serif;font-variant-numeric:tabular-nums}
html{background:var(--canvas)}
header{display:flex;align-items:center;gap:8px;height:48px;padding:0 16px;background:var(--canvas);border-bottom:1px solid var(--line);font-size:14px}
header b{font-weight:600}.logo{color:var(--accent-fg)}.who{margin-left:auto;color:var(--fg-muted)}
.lead{padding:20px 16px 16px}
.top{display:flex;justify-content:space-between;align-items:center;gap:8px}
.mark{display:inline-flex;align-items:center;gap:6px;font-weight:500}
.number{color:var(--fg-subtle);font-size:14px;white-space:nowrap}
h1{font-size:28px;line-height:1.25;font-weight:600;margin:10px 0 8px;overflow-wrap:anywhere}
.why{color:var(--fg-muted)}
dl{border-top:1px solid var(--line);border-bottom:1px solid var(--line)}
dl div{display:flex;gap:12px;padding:11px 16px;border-top:1px solid var(--line);font-size:14px;line-height:20px}
dl div:first-child{border-top:0}
dt{flex:none;width:96px;color:var(--fg-subtle)}dd{overflow-wrap:anywhere}
.utc{color:var(--fg-subtle)}
dd a{color:var(--accent-fg);font-weight:500;display:inline-flex;align-items:center;min-height:44px;margin:-12px 0}dd a:focus-visible{outline:2px solid var(--focus);outline-offset:1px}
.hint{padding:12px 16px;color:var(--fg-subtle);font-size:14px}
footer{position:sticky;bottom:0;margin-top:auto;padding:16px;background:var(--surface);border-top:1px solid var(--line);display:grid;gap:8px}
.next{color:var(--fg-muted);font-size:14px;margin-bottom:4px}.next b{color:var(--fg);font-size:20px;font-weight:600}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:8px}.pair.one{grid-template-columns:1fr}
button{width:100%;min-height:48px;padding:8px 12px;border:1px solid var(--control);border-radius:6px;background:var(--surface);color:var(--fg);font:500 16px/1.25 inherit;font-family:inherit;font-size:16px;font-weight:500;cursor:pointer}
button.main{min-height:56px;border-color:transparent;background:var(--accent);color:var(--on-accent)}
button.main:hover{background:var(--accent-hover)}
button:focus-visible{outline:2px solid var(--focus);outline-offset:1px}
.s-critical{color:var(--critical-fg)}.s-high{color:var(--high-fg)}.s-medium{color:var(--medium-fg)}.s-low{color:var(--low-fg)}.s-ok{color:var(--ok-fg)}.s-unknown{color:var(--unknown-fg)}
`;
