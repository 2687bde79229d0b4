// What is found out by doing: spacing as WCAG 1.4.12 asks, focus on each control, larger text. Leaves the page as it was.
(elements) => {
  const seen = (el) => el.checkVisibility({ visibilityProperty: true }) && el.getBoundingClientRect().width > 0;
  const selector = (el) => {
    const parts = [];
    for (let at = el; at && at.nodeType === 1; at = at.parentElement) {
      if (at.id && /^[A-Za-z][\w-]*$/.test(at.id)) { parts.unshift("#" + at.id); break; }
      const same = at.parentElement ? Array.from(at.parentElement.children).filter((one) => one.localName === at.localName) : [];
      parts.unshift(same.length > 1 ? `${at.localName}:nth-of-type(${same.indexOf(at) + 1})` : at.localName);
    }
    return parts.join(" > ");
  };
  const base = (el) => ({ selector: selector(el), html: el.outerHTML.slice(0, 300) });
  const cut = (el) => ["hidden", "clip"].includes(getComputedStyle(el).overflowY) && el.scrollHeight > el.clientHeight + 3;
  const boxes = Array.from(document.querySelectorAll("body *")).slice(0, 4000).filter((el) => seen(el) && el.clientHeight > 8 && el.innerText?.trim().length > 8 && ["hidden", "clip"].includes(getComputedStyle(el).overflowY) && !cut(el));
  const trial = (css) => {
    const sheet = document.createElement("style");
    sheet.textContent = css;
    document.head.append(sheet);
    const found = boxes.filter(cut).slice(0, 20).map(base);
    sheet.remove();
    return found;
  };
  const spacing = boxes.length ? trial("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }") : [];
  const before = new Map();
  let larger = [];
  if (boxes.length) {
    for (const el of document.querySelectorAll("body *")) if (el.style && before.size < 3000) before.set(el, parseFloat(getComputedStyle(el).fontSize));
    const root = document.documentElement;
    before.set(root, parseFloat(getComputedStyle(root).fontSize));  // heights in rem and em grow with the text
    const old = new Map(Array.from(before.keys(), (el) => [el, el.getAttribute("style")]));
    const named = new Map(boxes.map((el) => [el, base(el)]));
    for (const [el, size] of before) el.style.setProperty("font-size", size * 2 + "px", "important");
    larger = boxes.filter(cut).slice(0, 20).map((el) => named.get(el));
    for (const [el, was] of old) was === null ? el.removeAttribute("style") : el.setAttribute("style", was);
  }
  const traits = ["boxShadow", "borderTopColor", "borderTopWidth", "borderBottomColor", "borderBottomWidth", "borderLeftColor", "borderLeftWidth", "borderTopStyle", "borderBottomStyle", "backgroundColor", "backgroundImage", "backgroundSize", "backgroundPosition", "color", "fill", "stroke", "strokeWidth", "textDecorationLine", "textDecorationThickness", "fontWeight", "transform", "opacity", "visibility", "display", "filter"];
  const look = (one, kind) => {
    const now = getComputedStyle(one, kind);
    if (kind && ["none", "normal"].includes(now.content)) return "";
    const outline = now.outlineStyle === "none" || parseFloat(now.outlineWidth) === 0 ? "none" : now.outlineStyle + now.outlineWidth + now.outlineColor;
    return outline + traits.map((trait) => now[trait]).join("|") + (kind ? now.content + now.width + now.height : "");
  };
  // The control, what is in it, what stands around it: any of these may be what shows where the focus is.
  const around = (el) => new Set([el, ...Array.from(el.querySelectorAll("*")).slice(0, 10), el.parentElement, el.parentElement?.parentElement, el.previousElementSibling, el.nextElementSibling, el.closest("label"), el.closest("li")].filter(Boolean));
  const snapshot = (el) => Array.from(around(el), (one) => look(one) + look(one, "::before") + look(one, "::after")).join("~");
  const unseen = [], weak = [];
  const noMotion = document.createElement("style");
  noMotion.textContent = "*, ::before, ::after { transition: none !important; animation: none !important }";
  document.head.append(noMotion);
  document.activeElement?.blur?.();
  const stops = Array.from(document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]")).filter((el) => el.tabIndex >= 0 && !el.disabled && seen(el)).slice(0, elements);
  for (const el of stops) {
    const rest = snapshot(el), border = parseFloat(getComputedStyle(el).borderTopWidth);
    el.focus({ focusVisible: true, preventScroll: true });
    if (document.activeElement !== el) continue;
    const focused = snapshot(el), now = getComputedStyle(el);
    const thin = now.outlineStyle !== "none" && now.outlineStyle !== "auto" && parseFloat(now.outlineWidth) + parseFloat(now.borderTopWidth) <= border + 0.01;
    const faint = thin && now.outlineColor === now.borderTopColor && border > 0;
    el.blur();
    if (focused === rest) unseen.push(base(el));
    else if (faint) weak.push(base(el));
  }
  noMotion.remove();
  return { spacing, larger, unseen, weak, stops: stops.length };
}
