// Small helpers: elements from values (text is always text, never HTML), icons, times, calls.

export const page = document.body.dataset;

export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

export function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

export function day(seconds) {
  const date = new Date(seconds * 1000);
  if (date.toDateString() === new Date().toDateString()) return "Today";
  return date.toLocaleDateString([], { weekday: "long", day: "numeric", month: "long", year: "numeric" });
}

// Only addresses a browser may open; a template or link can hold anything.
export function safeLink(address) {
  return /^https?:\/\//i.test(address || "") ? address : undefined;
}

const notice = document.getElementById("notice");

export function tell(text) {
  notice.textContent = text;
  notice.hidden = !text;
}

export async function call(path, body) {
  const options = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const response = await fetch(path, options);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error || `The simulator answered ${response.status}.`);
  return answer;
}

const person = encodeURIComponent(page.key);

export async function act(verb, body) {
  try {
    const answer = await call(`/_sim/people/${person}${verb}`, { number: page.number, ...(page.group && { group_id: page.group }), ...body });
    tell("");
    return answer;
  } catch (error) {
    tell(error instanceof TypeError ? "The simulator cannot be reached. Nothing was sent." : error.message);
    return null;
  }
}

export function phoneUrl(part, query = {}) {
  return `/phone/${person}/${part}?${new URLSearchParams({ number: page.number, ...(page.group && { group: page.group }), ...query })}`;
}
