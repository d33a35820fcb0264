// Live updates, and forms that don't reload the page. Without this script everything still works:
// each button is a form, each place an address.
"use strict";

const HEADERS = { "X-Sandbox-Script": "1" };
const byId = (id) => document.getElementById(id);
let version = Number(document.body.dataset.version);
let reading = null; // the refresh under way
let again = false; // something changed meanwhile
let returnTo = ""; // the id of what had the focus before a modal took it

// The page anew, with the differences put in

function refresh() {
  again = true;
  return (reading ||= readUntilCurrent());
}

async function readUntilCurrent() {
  while (again) {
    again = false;
    await readPage().catch(() => {});
    if (again) await new Promise((go) => setTimeout(go, 100)); // a burst of changes is one
  }
  reading = null;
}

async function readPage() {
  const answer = await fetch(location.pathname, { headers: HEADERS });
  if (!answer.ok) return location.reload();
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const focused = document.activeElement?.id;
  const before = document.querySelector(".modal")?.id;
  const scroll = byId("scroll");
  const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
  document.title = fresh.title;
  version = Number(fresh.body.dataset.version);
  morphChildren(document.body, fresh.body);
  if (atEnd && scroll.dataset.stick) scroll.scrollTop = scroll.scrollHeight;
  const modal = document.querySelector(".modal");
  if (modal && modal.id !== before) {
    if (!before) returnTo = focused;
    focusModal(modal);
  } else if (before && !modal) (byId(returnTo) || byId("composer"))?.focus();
  tick();
}

function focusModal(modal) {
  const usable = ".modal-body :is(input:not([type=hidden]), textarea, select, button)";
  const wanted = modal.querySelector("[data-focus]");
  const first = wanted || modal.querySelector(usable) || modal.querySelector("footer button");
  first.focus({ preventScroll: !wanted }); // a modal is read from its top, wherever its first button stands
}

function morphChildren(old, fresh) {
  const keyed = new Map([...old.children].filter(({ id }) => id).map((child) => [child.id, child]));
  let at = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    let match = wanted.id ? keyed.get(wanted.id) : at && !at.id ? at : null;
    if (match?.nodeName !== wanted.nodeName) match = document.importNode(wanted, true);
    else morph(match, wanted);
    if (match === at) at = at.nextSibling;
    else old.insertBefore(match, at);
  }
  while (at) {
    const next = at.nextSibling;
    if (!at.matches?.("[data-stays]")) at.remove();
    at = next;
  }
}

// What belongs to whoever sits before the page: open menus, what was typed and not sent yet.
const KEPT = new Set(["open", "aria-busy", "data-touched"]);

function morph(old, fresh) {
  if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
  if (old.nodeType !== Node.ELEMENT_NODE) return;
  if ("stays" in old.dataset) return;
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !KEPT.has(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value && !KEPT.has(name)) old.setAttribute(name, value);
  }
  if (old.nodeName !== "TEXTAREA") morphChildren(old, fresh);
  if ("touched" in old.dataset) return;
  if (old.type === "checkbox" || old.type === "radio") old.checked = fresh.checked;
  else if (/^(INPUT|SELECT|TEXTAREA)$/.test(old.nodeName) && old.value !== fresh.value) old.value = fresh.value;
}

// Forms

const valueOf = (control) => (/^(checkbox|radio)$/.test(control.type) ? control.checked : control.value);

async function send(form, submitter, extra = {}) {
  const data = new FormData(form, submitter);
  for (const [name, value] of Object.entries(extra)) data.set(name, value);
  const sent = [...form.elements].filter((each) => "touched" in each.dataset).map((each) => [each, valueOf(each)]);
  submitter?.setAttribute("aria-busy", "true");
  if ("clears" in form.dataset) form.reset();
  try {
    const body = new URLSearchParams(data);
    const answer = await fetch(location.pathname, { method: "POST", headers: HEADERS, body });
    if (!answer.ok) throw new Error(await answer.text());
    for (const [each, value] of sent) if (!valueOf(each) || valueOf(each) === value) delete each.dataset.touched;
  } catch (refused) {
    if ("clears" in form.dataset && !sent[0]?.[0].value && sent[0]) sent[0][0].value = sent[0][1];
    say(refused instanceof TypeError ? "The sandbox does not answer. Is it still running?" : refused.message);
  }
  submitter?.removeAttribute("aria-busy");
  await refresh();
  if (data.get("do") === "submit") document.querySelector(".modal [aria-invalid]")?.focus();
}

function say(words) {
  const toast = byId("toast");
  toast.textContent = words;
  toast.hidden = false;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { toast.hidden = true; }, 6000);
}

const dispatch = (control) => send(control.form, null, { press: JSON.stringify([...JSON.parse(control.name), null]) });

function confirmed(template) {
  const dialog = document.createElement("dialog");
  Object.assign(dialog, { className: "confirm", ariaLabel: template.content.querySelector("h2").textContent });
  dialog.dataset.stays = "";
  dialog.append(template.content.cloneNode(true));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("click", ({ target }) => {
      const answer = target.closest("[data-confirm]");
      if (answer) dialog.close(answer.dataset.confirm);
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "go");
    });
  });
}

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { target: form, submitter } = event;
  const question = submitter?.nextElementSibling;
  closeMenus();
  if (!question?.matches("template.question") || (await confirmed(question))) send(form, submitter);
});

document.addEventListener("input", ({ target }) => {
  if (target.name) target.dataset.touched = "";
  if (target.type === "radio") target.form.elements[target.name].forEach((each) => { each.dataset.touched = ""; });
  if (target.dataset.dispatch === "input") dispatch(target);
  if (target.id === "composer") suggest(target);
});

document.addEventListener("change", ({ target }) => target.dataset.dispatch === "change" && dispatch(target));

document.addEventListener("click", ({ target }) => {
  const link = target.closest("a[data-press]"); // a link that the bot hears of
  if (link) send(link.closest("form"), null, { press: link.dataset.press });
  if (target.closest("[data-command]")) complete(target.closest("[data-command]"));
  closeMenus(target);
});

function closeMenus(except) {
  const open = [...document.querySelectorAll("details[open].overflow")].filter((each) => !except || !each.contains(except));
  return open.map((menu) => { menu.open = false; }).length;
}

// Keys

document.addEventListener("keydown", (event) => {
  const { target, key, isComposing } = event;
  if (isComposing) return;
  if (target.id === "composer" && composerKey(event)) event.preventDefault();
  else if (key === "Enter" && target.dataset.dispatch === "enter" && target.nodeName === "INPUT") {
    event.preventDefault();
    dispatch(target);
  } else if (key === "Escape" && !closeMenus() && !document.querySelector("dialog[open]")) {
    const cancel = document.querySelector("[data-testid=modal-close]");
    if (cancel) cancel.click();
    else if (location.hash) location.hash = "top";
  }
});

const suggested = () => (byId("commands").hidden ? [] : [...byId("commands").children].filter((each) => !each.hidden));

function composerKey({ key, shiftKey, target }) {
  const shown = suggested();
  const at = shown.findIndex((each) => each.ariaSelected === "true");
  if (shown.length && (key === "ArrowDown" || key === "ArrowUp")) {
    highlight(shown, (at + (key === "ArrowDown" ? 1 : shown.length - 1)) % shown.length);
  } else if (shown.length && (key === "Tab" || (key === "Enter" && target.value !== shown[at].dataset.command))) {
    complete(shown[at]);
  } else if (shown.length && key === "Escape") {
    byId("commands").hidden = true;
  } else if (key === "Enter" && !shiftKey) {
    byId("commands").hidden = true;
    if (target.value.trim()) target.form.requestSubmit(target.form.querySelector(".send"));
  } else return false;
  return true;
}

function suggest({ value }) {
  for (const each of byId("commands").children) each.hidden = !each.dataset.command.startsWith(value);
  byId("commands").hidden = !value.startsWith("/") || ![...byId("commands").children].some((each) => !each.hidden);
  highlight(suggested(), 0);
}

function highlight(options, index) {
  options.forEach((each, number) => each.setAttribute("aria-selected", String(number === index)));
  byId("composer").setAttribute("aria-activedescendant", options[index]?.id ?? "");
}

function complete(option) {
  const composer = byId("composer");
  composer.value = `${option.dataset.command} `;
  composer.dataset.touched = "";
  composer.focus();
  byId("commands").hidden = true;
}

// The clock runs on between two changes

const FORMS = {
  short: { weekday: "short", hour: "2-digit", minute: "2-digit" },
  time: { hour: "2-digit", minute: "2-digit" },
  day: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
};
let read = Date.now();

function tick(passed = 0) {
  if (!passed) read = Date.now();
  for (const each of document.querySelectorAll("time[data-clock]")) {
    const noon = "noon" in each.dataset; // whoever reads counts twelve hours twice
    const form = { ...FORMS[each.dataset.form], timeZone: each.dataset.zone, ...(noon && { hour: "numeric" }) };
    const moment = new Date(Date.parse(each.dateTime) + passed);
    const words = moment.toLocaleString(noon ? "en-US" : "en-GB", form).replace(/,/g, "").replace("\u202f", " ");
    if (each.textContent !== words) each.textContent = words;
  }
}

tick();
setInterval(() => tick(Date.now() - read), 1000);
if (byId("scroll").dataset.stick) byId("scroll").scrollTop = byId("scroll").scrollHeight;
if (document.querySelector(".modal")) focusModal(document.querySelector(".modal"));

const changes = new EventSource("/changes");
changes.onmessage = ({ data }) => { if (Number(data) !== version) refresh(); };
changes.onerror = () => { version = -1; }; // whatever comes after that is news
