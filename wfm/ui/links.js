// A link to another page follows what was done before it.
//
// Streamlit's own page sends a chosen page at once, but what was typed, ticked or pressed a moment
// later, and with the page that is being left: the click is then lost, or what was typed is. So a
// link that is pressed right after something else waits for the run that takes it.
(() => {
  if (window.wfmLinks) return;
  window.wfmLinks = true;
  const LINKS = 'a[data-testid="stSidebarNavLink"], a[data-testid="stPageLink-NavLink"]';
  const PRESSED = 'button, label, canvas, [role="option"], [role="tab"]';
  const UNSENT = 500, SETTLED = 300, MOST = 15000, STEP = 50; // ms

  let typing = null; // the field whose letters are not sent yet
  let done = 0; // when something was last done on this page
  let sent = 0; // when the server was last told of anything
  let ended = 0; // when the last run was over
  let held = null, since = 0; // the link that waits
  let passing = false;

  const app = document.querySelector('[data-testid="stApp"]');
  const running = () => app.dataset.testScriptState !== 'notRunning';
  new MutationObserver(() => { if (!running()) ended = performance.now(); })
    .observe(app, { attributeFilter: ['data-test-script-state'] });

  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (...message) {
    sent = performance.now();
    return send.apply(this, message);
  };

  // Whether what was done may still be on its way to a run, or in it.
  function pending() {
    const now = performance.now();
    if (!done) return false;
    if (running()) return true;
    if (sent < done) return now - done < UNSENT;
    return ended < sent || now - ended < SETTLED;
  }

  const deed = () => { done = performance.now(); };
  const left = field => { if (field === typing) { typing = null; deed(); } };
  const hear = (kind, what) => window.addEventListener(kind, what, true);

  hear('input', e => { typing = e.target; });
  hear('focusout', e => left(e.target));
  hear('change', deed);
  hear('paste', deed);
  hear('keydown', e => {
    if (e.target.closest?.(LINKS) || e.ctrlKey || e.metaKey) return;
    if (e.key === 'Enter') typing = null;
    if (['Enter', 'Delete', 'Backspace'].includes(e.key)) deed();
    else if (e.key.length === 1) typing = e.target; // a letter: a table opens a cell's field for it
  });
  hear('click', e => {
    const link = e.target.closest?.(LINKS);
    if (!link) {
      if (e.target.closest?.(PRESSED)) deed();
      return;
    }
    if (passing || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
    if (typing) left(typing); // the field of a table's cell is gone without a word
    if (!held && !pending()) {
      done = 0;
      return;
    }
    e.preventDefault();
    e.stopImmediatePropagation();
    const waits = held !== null;
    held?.removeAttribute('aria-busy');
    held = link;
    held.setAttribute('aria-busy', 'true');
    if (waits) return;
    since = performance.now();
    follow();
  });

  function follow() {
    if (pending() && performance.now() - since < MOST) {
      setTimeout(follow, STEP);
      return;
    }
    held.removeAttribute('aria-busy');
    const same = a => a.pathname === held.pathname && a.dataset.testid === held.dataset.testid;
    const link = held.isConnected ? held : [...document.querySelectorAll(LINKS)].find(same);
    [held, typing, done, passing] = [null, null, 0, true];
    link?.click();
    passing = false;
  }
})();
