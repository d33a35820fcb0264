// Live updates, and forms that don't reload the page. Without this script everything still works:
// each button is a form, each place an address.
"use strict";

const HEADERS = { "X-Sandbox-Script": "1" };
let version = Number(document.body.dataset.version);
let reading = null; // the refresh under way
let again = false; // something changed while it was

// The page anew, with the differences put in

function refresh() {
  if (reading) {
    again = true;
    return reading;
  }
  reading = readPage().catch(() => {}).finally(() => {
    reading = null;
    if (again) {
      again = false;
      refresh();
    }
  });
  return reading;
}

async function readPage() {
  const answer = await fetch(location.pathname, { headers: HEADERS });
  if (!answer.ok) return location.reload();
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const before = document.querySelector(".modal");
  const scroll = document.getElementById("scroll");
  const stick = scroll?.dataset.stick && scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
  const opener = document.activeElement;
  document.title = fresh.title;
  document.body.dataset.version = version = Number(fresh.body.dataset.version);
  morphChildren(document.body, fresh.body);
  if (stick) scroll.scrollTop = scroll.scrollHeight;
  const now = document.querySelector(".modal");
  if (now && now.id !== before?.id) {
    if (!before) returnTo = opener?.id;
    focusModal(now);
  } else if (!now && before) {
    (document.getElementById(returnTo) || document.getElementById("composer"))?.focus();
  }
  tick();
}

let returnTo = null; // the id of what had the focus before a modal took it

function focusModal(modal) {
  const first = modal.querySelector("[autofocus]")
    || modal.querySelector(".modal-body :is(input:not([type=hidden]), textarea, select, button)")
    || modal.querySelector("[data-testid=modal-submit], [data-testid=modal-close]");
  first?.focus();
}

function morphChildren(old, fresh) {
  const keyed = new Map();
  for (const child of old.children) if (child.id) keyed.set(child.id, child);
  let at = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    let match = wanted.id ? keyed.get(wanted.id) : null;
    if (!match && at && !(at.id && at.id !== wanted.id) && !wanted.id && alike(at, wanted)) match = at;
    if (match && alike(match, wanted)) {
      if (match === at) at = at.nextSibling;
      else old.insertBefore(match, at);
      morph(match, wanted);
    } else {
      old.insertBefore(document.importNode(wanted, true), at);
    }
  }
  while (at) {
    const next = at.nextSibling;
    if (!("stays" in (at.dataset ?? {}))) at.remove();
    at = next;
  }
}

const alike = (one, other) => one.nodeType === other.nodeType && one.nodeName === other.nodeName;

function morph(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  if ("stays" in old.dataset || old.isEqualNode(fresh)) return settle(old, fresh);
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !KEPT.has(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value && !KEPT.has(name)) old.setAttribute(name, value);
  }
  if (old.nodeName !== "TEXTAREA") morphChildren(old, fresh);
  settle(old, fresh);
}

// What belongs to whoever sits before the page: open menus, what was typed and not sent yet.
const KEPT = new Set(["open", "aria-busy", "data-touched", "hidden"]);

function settle(old, fresh) {
  if (!("value" in old) || "touched" in old.dataset || old.type === "hidden") return;
  if (old.type === "checkbox" || old.type === "radio") old.checked = fresh.hasAttribute("checked");
  else if (old.nodeName === "SELECT") old.value = fresh.value;
  else if (old.nodeName !== "BUTTON" && old.value !== fresh.defaultValue && old.defaultValue !== undefined) {
    old.value = fresh.defaultValue;
  }
}

// Forms

async function send(form, submitter, extra) {
  const data = new FormData(form, submitter);
  for (const [name, value] of Object.entries(extra || {})) data.set(name, value);
  const touched = [...form.elements].filter((each) => "touched" in each.dataset);
  const kept = touched.map((each) => [each, valueOf(each)]);
  submitter?.setAttribute("aria-busy", "true");
  if ("clears" in form.dataset) form.reset();
  try {
    const answer = await fetch(location.pathname, {
      method: "POST", headers: HEADERS, body: new URLSearchParams(data),
    });
    if (!answer.ok) say(await answer.text());
    else for (const [each, value] of kept) if (valueOf(each) === value) delete each.dataset.touched;
  } catch {
    say("The sandbox does not answer. Is it still running?");
  } finally {
    submitter?.removeAttribute("aria-busy");
  }
  await refresh();
}

const valueOf = (control) => (/^(checkbox|radio)$/.test(control.type) ? control.checked : control.value);

function say(words) {
  const toast = document.getElementById("toast");
  toast.textContent = words;
  toast.hidden = false;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { toast.hidden = true; }, 6000);
}

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { target: form, submitter } = event;
  document.querySelectorAll("details[open].overflow").forEach((menu) => { menu.open = false; });
  const question = submitter?.nextElementSibling;
  if (question?.matches("template[data-confirm]") && !(await confirmed(question))) return;
  send(form, submitter);
});

function confirmed(template) {
  const dialog = document.createElement("dialog");
  dialog.className = "confirm";
  dialog.dataset.stays = "1";
  dialog.setAttribute("aria-labelledby", "confirm-title");
  dialog.append(template.content.cloneNode(true));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("click", ({ target }) => {
      if (target.closest("[data-confirm-go]")) dialog.close("go");
      else if (target.closest("[data-confirm-deny]")) dialog.close();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "go");
    });
  });
}

function dispatch(control) {
  const pressed = JSON.stringify([...JSON.parse(control.name), null]);
  send(control.form, null, { press: pressed });
}

document.addEventListener("input", ({ target }) => {
  if (target.name) target.dataset.touched = "1";
  if (target.type === "radio") {
    for (const each of target.form.elements[target.name]) each.dataset.touched = "1";
  }
  if (target.dataset.dispatch === "input") dispatch(target);
  if (target.id === "composer") suggest(target);
});

document.addEventListener("change", ({ target }) => {
  if (target.dataset.dispatch === "change") dispatch(target);
});

document.addEventListener("click", ({ target }) => {
  const link = target.closest("a[data-press]"); // a link that the bot hears of
  if (link) send(link.closest("form"), null, { press: link.dataset.press });
  const command = target.closest("[data-command]");
  if (command) complete(command);
  for (const menu of document.querySelectorAll("details[open].overflow")) {
    if (!menu.contains(target)) menu.open = false;
  }
});

// Keys

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (event.isComposing) return;
  if (target.id === "composer" && composerKey(event)) return event.preventDefault();
  if (key === "Enter" && target.dataset.dispatch === "enter" && target.nodeName === "INPUT") {
    event.preventDefault();
    dispatch(target);
  }
  if (key === "Escape") escape();
});

function escape() {
  const open = document.querySelector("details[open].overflow");
  if (open) open.open = false;
  else if (document.querySelector(".modal") && !document.querySelector("dialog[open]")) {
    document.querySelector("[data-testid=modal-close]").click();
  } else if (location.hash) location.hash = "top";
}

function composerKey({ key, shiftKey, target }) {
  const list = document.getElementById("commands");
  const shown = list.hidden ? [] : [...list.children].filter((each) => !each.hidden);
  const at = shown.findIndex((each) => each.ariaSelected === "true");
  if (shown.length && (key === "ArrowDown" || key === "ArrowUp")) {
    select(shown, (at + (key === "ArrowDown" ? 1 : shown.length - 1)) % shown.length);
    return true;
  }
  if (shown.length && (key === "Tab" || (key === "Enter" && target.value !== shown[at]?.dataset.command))) {
    complete(shown[Math.max(at, 0)]);
    return true;
  }
  if (shown.length && key === "Escape") return (list.hidden = true);
  if (key === "Enter" && !shiftKey) {
    list.hidden = true;
    if (target.value.trim()) target.form.requestSubmit(target.form.querySelector(".send"));
    return true;
  }
  return false;
}

function suggest(composer) {
  const list = document.getElementById("commands");
  const typed = composer.value;
  for (const each of list.children) each.hidden = !each.dataset.command.startsWith(typed);
  const shown = [...list.children].filter((each) => !each.hidden);
  list.hidden = !typed.startsWith("/") || !shown.length;
  select(shown, 0);
}

function select(options, index) {
  options.forEach((each, number) => each.setAttribute("aria-selected", String(number === index)));
  const composer = document.getElementById("composer");
  if (options[index]) composer.setAttribute("aria-activedescendant", options[index].id);
}

function complete(option) {
  const composer = document.getElementById("composer");
  composer.value = `${option.dataset.command} `;
  composer.dataset.touched = "1";
  composer.focus();
  document.getElementById("commands").hidden = true;
}

// The clock runs on between two changes

let read = Date.now();
function tick(fresh = true) {
  if (fresh) read = Date.now();
  for (const each of document.querySelectorAll("time[data-clock]")) {
    const moment = new Date(Date.parse(each.dateTime) + Date.now() - read);
    const form = {
      short: { weekday: "short", hour: "2-digit", minute: "2-digit" },
      time: { hour: "2-digit", minute: "2-digit" },
      day: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
    }[each.dataset.form];
    const words = moment.toLocaleString("en-GB", { ...form, timeZone: each.dataset.zone }).replace(/,/g, "");
    if (each.textContent !== words) each.textContent = words;
  }
}
setInterval(() => tick(false), 1000);

const scroll = document.getElementById("scroll");
if (scroll?.dataset.stick) scroll.scrollTop = scroll.scrollHeight;
const modal = document.querySelector(".modal");
if (modal) focusModal(modal);
tick();

const changes = new EventSource("/changes");
changes.onmessage = ({ data }) => {
  if (Number(data) !== version) refresh();
};
