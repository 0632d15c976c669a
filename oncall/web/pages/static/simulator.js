// Keeps the simulator's page up to date, and sends its forms without leaving it.
// Without this script the page works all the same: forms load it again.

const RETRY_MS = 2000;
const SAID_MS = 8000;
const board = document.getElementById("board");
const calm = matchMedia("(prefers-reduced-motion: reduce)");

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Resolves when somebody looks at the page. */
function seen() {
  if (!document.hidden) return Promise.resolve();
  return new Promise((done) => {
    document.addEventListener("visibilitychange", () => done(), { once: true });
  });
}

/** Fetches the page as it is now and shows what is different; forms are left alone. */
async function refresh() {
  const response = await fetch("/simulator");
  if (!response.ok) throw new Error(`the simulator answered ${response.status}`);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const fresh of page.querySelectorAll("[data-live]")) {
    const shown = document.getElementById(fresh.id);
    if (!shown) continue;
    if (fresh.dataset.live === "messages") showMessages(shown, fresh);
    else if (!shown.isEqualNode(fresh)) shown.replaceChildren(...fresh.childNodes);
  }
  board.dataset.version = page.getElementById("board").dataset.version;
}

/** Adds, changes and removes single messages, so that focus and place are kept. */
function showMessages(shown, fresh) {
  const wanted = new Set([...fresh.children].map((message) => message.id));
  for (const message of [...shown.children]) {
    if (!wanted.has(message.id)) message.remove();
  }
  const added = [];
  for (const message of [...fresh.children]) {
    const old = document.getElementById(message.id);
    if (!old) {
      shown.append(message);
      added.push(message);
    } else if (!old.isEqualNode(message)) {
      old.replaceWith(message);
    }
  }
  if (added.length === 0) return;
  shown.classList.add("live"); // from now on what arrives is seen to arrive
  shown.scrollTop = shown.scrollHeight;
  replyBy(shown, fresh.dataset.last);
  if (added.some((message) => !message.classList.contains("mine"))) ring(shown);
}

/** Lets the reply go the way of the last message, unless one is being written. */
function replyBy(messages, via) {
  const form = messages.closest(".phone").querySelector(".reply");
  if (form && via && !form.elements.text.value) form.elements.via.value = via;
}

function ring(messages) {
  if (calm.matches) return;
  const phone = messages.closest(".phone");
  phone.classList.remove("rings");
  void phone.offsetWidth; // starts the animation anew
  phone.classList.add("rings");
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(120);
}

/** Sends a form and returns what is to be said about it. */
async function post(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  const headers = { Accept: "application/json" };
  const response = await fetch(form.action, { method: "POST", body, headers });
  const told = await response.json();
  if (!response.ok) throw new Error(told.detail);
  return told.said;
}

function say(form, text) {
  const place = form.closest(".phone") ?? form;
  const output = place.querySelector("output");
  if (!output) return;
  output.textContent = text;
  setTimeout(() => { if (output.textContent === text) output.textContent = ""; }, SAID_MS);
}

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const via = form.elements.via?.value;
  const sent = post(form, event.submitter); // reads the form before it is emptied
  if (event.submitter) event.submitter.disabled = true;
  try {
    say(form, await sent);
    form.reset();
    if (via) form.elements.via.value = via;
    await refresh();
  } catch (error) {
    say(form, error.message);
  } finally {
    if (event.submitter) event.submitter.disabled = false;
  }
});

async function follow() {
  for (;;) {
    await seen();
    try {
      const since = board.dataset.version;
      const response = await fetch(`/simulator/changes?since=${since}`);
      if (!response.ok) throw new Error(`the simulator answered ${response.status}`);
      await refresh();
    } catch {
      await pause(RETRY_MS); // the service is away; it may come back
    }
  }
}

for (const messages of document.querySelectorAll(".messages")) {
  messages.scrollTop = messages.scrollHeight;
}
follow();
