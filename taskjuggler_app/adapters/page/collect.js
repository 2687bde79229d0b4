// What one visit collects from the document, as plain data: the checks decide in Python.
() => {
  const watch = window.__taskjuggler || { listeners: new WeakMap(), lab: {} };
  const CAP = 800;
  const flat = (text) => (text || "").replace(/\s+/g, " ").trim();
  const all = (query, root = document) => Array.from(root.querySelectorAll(query)).slice(0, CAP);
  const unique = (id) => id && /^[A-Za-z][\w-]*$/.test(id) && document.querySelectorAll("#" + id).length === 1;
  const selector = (el) => {
    const parts = [];
    for (let at = el; at && at.nodeType === 1; at = at.parentElement) {
      if (unique(at.id)) { parts.unshift("#" + at.id); break; }
      const tag = at.localName;
      const same = at.parentElement ? Array.from(at.parentElement.children).filter((one) => one.localName === tag) : [];
      parts.unshift(same.length > 1 ? `${tag}:nth-of-type(${same.indexOf(at) + 1})` : tag);
    }
    return parts.join(" > ");
  };
  const html = (el) => {
    const whole = el.outerHTML || "";
    return whole.length > 300 ? whole.slice(0, 300) + "…" : whole;
  };
  const seen = (el) => {
    if (el.checkVisibility && !el.checkVisibility({ visibilityProperty: true })) return false;
    const box = el.getBoundingClientRect();
    return box.width > 0 && box.height > 0;
  };
  const base = (el) => ({ selector: selector(el), html: html(el), tag: el.localName });
  const box = (el) => {
    const at = el.getBoundingClientRect();
    return { x: Math.round(at.x), y: Math.round(at.y + scrollY), w: Math.round(at.width), h: Math.round(at.height) };
  };
  const listens = (el, ...types) => {
    const known = watch.listeners.get(el);
    return types.some((type) => (known && known.has(type)) || el["on" + type] != null);
  };
  const byIds = (ids) => flat((ids || "").split(/\s+/).map((id) => document.getElementById(id)?.textContent || "").join(" "));
  const name = (el) => flat(el.getAttribute("aria-label")) || byIds(el.getAttribute("aria-labelledby")) ||
    flat([el.innerText ?? el.textContent, ...all("img[alt], svg[aria-label]", el).map((one) => one.getAttribute("alt") || one.getAttribute("aria-label"))].join(" "));
  const own = (el) => flat(Array.from(el.childNodes).filter((node) => node.nodeType === 3).map((node) => node.data).join(" "));
  const style = (el, pseudo) => getComputedStyle(el, pseudo);

  // What tells this link from another of the same words: its list item or article, or its row and column of a table.
  const item = (el) => {
    const at = el.closest("li, tr, article");
    return flat(at?.textContent).slice(0, 400) + (el.closest("td")?.cellIndex ?? "");
  };
  const links = all("a[href], area[href]").map((el) => {
    const look = style(el), around = el.parentElement ? style(el.parentElement) : look;
    const between = el.nextSibling?.nodeType === 3 ? el.nextSibling.data : "";
    const next = el.nextElementSibling;
    const imgs = all("img", el);
    return {
      ...base(el), ...box(el), seen: seen(el), href: el.href?.baseVal ?? el.href, raw: el.getAttribute("href"),
      text: flat(el.innerText ?? el.textContent), name: name(el), title: el.getAttribute("title"), target: el.target?.baseVal ?? el.target ?? "",
      rel: el.rel || "", role: el.getAttribute("role"), download: el.hasAttribute("download"),
      alts: imgs.map((one) => one.getAttribute("alt") ?? ""), heading: !!el.closest("h1,h2,h3,h4,h5,h6"), nav: !!el.closest("nav, header, footer, [role=navigation]"),
      around: flat(el.parentElement?.textContent).slice(0, 200), item: item(el), described: !!el.getAttribute("aria-describedby"),
      keys: listens(el, "keydown", "keyup", "keypress"), clicks: listens(el, "click"),
      hidden: all("*", el).filter((one) => flat(one.textContent) && ["none"].includes(style(one).display) || style(one).visibility === "hidden" && flat(one.textContent)).map((one) => flat(one.textContent)).join(" "),
      next: next?.localName === "a" ? next.href : "", nextText: next?.localName === "a" ? flat(next.innerText) : "", between: flat(between),
      sameLine: !!next && next.localName === "a" && Math.abs(next.getBoundingClientRect().y - el.getBoundingClientRect().y) < 4,
      plain: look.textDecorationLine === "none" && look.color === around.color && look.fontWeight === around.fontWeight &&
        look.backgroundColor === around.backgroundColor && look.borderBottomWidth === "0px",
      inText: flat(el.parentElement?.textContent).length > flat(el.textContent).length + 8,
    };
  });
  const images = all("img, input[type=image]").map((el) => ({
    ...base(el), ...box(el), seen: seen(el), alt: el.getAttribute("alt"), title: el.getAttribute("title"), role: el.getAttribute("role"),
    src: el.currentSrc || el.src, nw: el.naturalWidth || 0, nh: el.naturalHeight || 0, sized: el.hasAttribute("width") && el.hasAttribute("height") || style(el).aspectRatio !== "auto",
    lazy: el.loading === "lazy", srcset: !!el.srcset || el.parentElement?.localName === "picture", lcp: watch.lab.lcpElement === el, inLink: !!el.closest("a, button"),
    figure: !!el.closest("figure")?.querySelector("figcaption"), named: !!el.getAttribute("aria-label") || !!el.getAttribute("aria-labelledby"), hiddenAria: !!el.closest("[aria-hidden=true]"),
  }));
  const controls = all("input:not([type=hidden]), select, textarea").map((el) => {
    const labels = Array.from(el.labels || []);
    const first = labels[0];
    const label = flat(labels.map((one) => one.textContent).join(" "));
    const before = el.previousElementSibling;
    const gap = first && !first.contains(el) && seen(el) && seen(first) && Math.abs(first.getBoundingClientRect().y - el.getBoundingClientRect().y) < 20
      ? Math.round(el.getBoundingClientRect().x - first.getBoundingClientRect().right) : 0;
    return {
      ...base(el), ...box(el), seen: seen(el), role: el.getAttribute("role"), type: el.type || "", field: el.name || "", label, labels: labels.length, placeholder: el.placeholder || "", title: el.title || "",
      aria: flat(el.getAttribute("aria-label")) || byIds(el.getAttribute("aria-labelledby")), described: el.getAttribute("aria-describedby") || el.getAttribute("aria-errormessage") || "", invalid: el.getAttribute("aria-invalid") || "",
      grouped: !!el.closest("fieldset, [role=group], [role=radiogroup]"), form: el.form ? selector(el.form) : "", submits: !!el.form?.querySelector("button:not([type=button]):not([type=reset]), input[type=submit], input[type=image]"),
      changes: listens(el, "change"), classes: el.className || "", required: el.required, pattern: el.getAttribute("pattern") || "",
      autocomplete: el.getAttribute("autocomplete") || "", hint: before && /hint|help|description/i.test(before.className || "") ? flat(before.textContent) : "", gap,
    };
  });
  const labels = all("label").map((el) => ({ ...base(el), text: flat(el.textContent) || flat(el.getAttribute("aria-label")) || el.title || (el.querySelector("img[alt]:not([alt='']), svg") ? "picture" : ""), target: el.htmlFor, control: !!el.control }));
  const fieldsets = all("fieldset").map((el) => ({ ...base(el), legend: el.querySelector("legend") ? flat(el.querySelector("legend").textContent) : null, named: !!el.getAttribute("aria-label") || !!el.getAttribute("aria-labelledby") }));
  const forms = all("form").map((el) => ({ ...base(el), action: el.action?.baseVal ?? (typeof el.action === "string" ? el.action : el.getAttribute("action") || ""), alerts: all("[role=alert], [class*=error], .validation-summary", el).map((one) => flat(one.textContent).slice(0, 200)), password: !!el.querySelector("input[type=password]") }));
  const probe = document.createElement("canvas").getContext("2d");
  const texts = [];
  const walk = document.createTreeWalker(document.body || document.documentElement, NodeFilter.SHOW_ELEMENT);
  for (let el = walk.currentNode; el && texts.length < CAP; el = walk.nextNode()) {
    const words = own(el);
    if (words.length < 2 || ["script", "style", "noscript", "option", "title"].includes(el.localName) || !seen(el)) continue;
    const look = style(el), size = parseFloat(look.fontSize), line = parseFloat(look.lineHeight) || 0;
    const block = !["inline", "contents"].includes(look.display);
    const whole = block ? flat(el.innerText) : words;
    probe.font = `${look.fontSize} ${look.fontFamily}`;
    const width = el.clientWidth || el.getBoundingClientRect().width;
    const perLine = block && whole.length > 80 ? Math.round(Math.min(whole.length, width / (probe.measureText(whole.slice(0, 200)).width / Math.min(200, whole.length)))) : 0;
    texts.push({
      ...base(el), ...box(el), text: whole.slice(0, 700), own: words.slice(0, 200), length: whole.length, words: whole.split(" ").length, block, size, line, perLine,
      align: look.textAlign, italic: look.fontStyle === "italic", upper: look.textTransform === "uppercase" || (whole.length > 60 && whole === whole.toUpperCase() && whole !== whole.toLowerCase()),
      bold: parseInt(look.fontWeight, 10) >= 600, color: /(^|[;\s])(background-)?color\s*:/i.test(el.getAttribute("style") || ""), background: look.backgroundImage !== "none" && /url\(/.test(look.backgroundImage), classes: String(el.className?.baseVal ?? el.className ?? ""),
      links: el.querySelectorAll("a").length, children: el.children.length, next: el.nextElementSibling?.localName || "", previous: el.previousElementSibling?.localName || "",
      breaks: el.querySelectorAll(":scope > br").length, lines: el.querySelectorAll(":scope > br").length ? el.innerText.split("\n").map(flat).filter(Boolean).slice(0, 30) : [], role: el.getAttribute("role"),
      heading: !!el.closest("h1,h2,h3,h4,h5,h6,[role=heading]"), control: !!el.closest("a,button,label,summary,th,td,caption,legend,nav,header,footer,figcaption,li"), clipped: look.overflowY === "hidden" && el.scrollHeight > el.clientHeight + 3,
    });
  }
  const bodySize = parseFloat(style(document.body || document.documentElement).fontSize);
  const tables = all("table").map((el) => ({
    ...base(el), caption: el.caption ? flat(el.caption.textContent) : null, role: el.getAttribute("role"), named: !!el.getAttribute("aria-label") || !!el.getAttribute("aria-labelledby"),
    nested: !!el.parentElement?.closest("table"), inHeader: !!el.parentElement?.closest("th"), blocks: el.querySelectorAll("td h1, td h2, td h3, td ul, td nav, td form").length,
    rows: Array.from(el.rows).slice(0, 60).map((row) => Array.from(row.cells).map((cell) => ({ tag: cell.localName, span: cell.colSpan, down: cell.rowSpan, scope: cell.getAttribute("scope"), text: flat(cell.textContent).slice(0, 40), media: !!cell.querySelector("img,input,button,svg"), headers: cell.getAttribute("headers") }))),
  }));
  const focusable = "a[href], area[href], button, input, select, textarea, summary, iframe, audio[controls], video[controls], [contenteditable=true], [tabindex]";
  const interactive = (el) => el.matches(focusable) || el.closest("a[href], button, summary, label, select") || el.querySelector("a[href], button, input, select, textarea, summary");
  // Not: a label of a widget, a part of a widget that has the focus itself, a grip, a box that watches what is inside it.
  const widgets = "[role=spinbutton], [role=slider], [role=combobox], [role=listbox], [role=tree], [role=grid], [role=menu], [role=tablist], [role=radiogroup]";
  const served = (el) => el.closest("[aria-activedescendant]") || (el.parentElement?.closest(widgets)?.tabIndex ?? -1) >= 0 || (el.id && document.querySelector(`[aria-labelledby~="${CSS.escape(el.id)}"]`));
  const clickable = all("div, span, p, li, dt, dd, td, img, i, b, svg").filter((el) => {
    if (interactive(el) || !seen(el) || served(el)) return false;
    const cursor = style(el).cursor;
    const pressed = cursor === "pointer" || el.hasAttribute("onclick") || el.hasAttribute("role") || (flat(el.textContent).length <= 40 && !el.children.length);
    const clicks = listens(el, "click", "mousedown") && pressed && !/resize|grab|move/.test(cursor);
    const looks = /(^|[\s_-])(btn|button)([\s_-]|$)/i.test(String(el.className?.baseVal ?? el.className ?? "")) && style(el).cursor === "pointer";
    return clicks || looks;
  }).map((el) => ({ ...base(el), role: el.getAttribute("role"), text: flat(el.textContent).slice(0, 80) }));
  const idle = all("[tabindex]").map((el) => ({ ...base(el), tabindex: el.tabIndex, role: el.getAttribute("role"), native: el.matches("a[href], button, input, select, textarea, summary, iframe, audio, video, [contenteditable]"),
    scrolls: /auto|scroll/.test(style(el).overflow) || el.scrollHeight > el.clientHeight + 1 || el.scrollWidth > el.clientWidth + 1, listens: listens(el, "click", "keydown", "keyup", "keypress", "focus") })).filter((one) => !one.native);
  const dialogs = all("div, section, aside").filter((el) => {
    const word = /(^|[\s_-])(lightbox|modal|dialog|popup|overlay)([\s_-]|$)/i.test(String(el.className) + " " + el.id);
    return word && flat(el.textContent).length > 20 && !el.querySelector("[role=menu], [role=listbox], [role=tree], [role=grid]") && !el.parentElement?.closest("[role=dialog], [role=alertdialog], dialog");
  }).slice(0, 20).map((el) => ({ ...base(el), role: el.getAttribute("role"), inner: !!el.querySelector("[role=dialog], [role=alertdialog], dialog"), seen: seen(el),
    closers: all("*", el).filter((one) => !one.children.length && (/close/i.test(one.className + one.title) || /^(x|×|✕|close)$/i.test(flat(one.textContent))) && !one.closest("a[href], button, [tabindex]")).map(base) }));
  const generated = all("body *").flatMap((el) => ["::before", "::after"].map((kind) => [el, kind, style(el, kind).content])).filter(([el, , text]) => /^".*[A-Za-z]{3,}/.test(text) && seen(el)).slice(0, 40).map(([el, kind, text]) => ({ ...base(el), kind, text: text.slice(1, 80) }));
  const hovers = [];
  const openers = [];
  for (const sheet of Array.from(document.styleSheets).slice(0, 30)) {
    let rules = [];
    try { rules = Array.from(sheet.cssRules).slice(0, 3000); } catch { continue; }
    for (const rule of rules) {
      if (!rule.selectorText) continue;
      const shows = rule.style.display && rule.style.display !== "none" || rule.style.visibility === "visible" || rule.style.opacity === "1" || rule.style.left || rule.style.clip;
      if (!shows) continue;
      if (/:focus/.test(rule.selectorText)) openers.push(rule.selectorText.replace(/:focus(-within|-visible)?/g, ""));
      for (const one of rule.selectorText.split(",")) if (/:hover[\s>+~]/.test(one)) hovers.push(one.trim());
    }
  }
  const hoverOnly = hovers.filter((one) => !openers.some((other) => other.includes(one.replace(/:hover/g, "")))).flatMap((one) => {
    try { return all(one.replace(/:hover/g, "")).filter((el) => !seen(el) && /[\p{L}\p{N}]/u.test(flat(el.textContent))).slice(0, 5); } catch { return []; }
  }).slice(0, 20).map((el) => ({ ...base(el), text: flat(el.textContent).slice(0, 80), links: el.querySelectorAll("a[href]").length }));
  const parts = all("[lang], [dir]").filter((el) => el !== document.documentElement).map((el) => ({ ...base(el), lang: el.getAttribute("lang") || "", dir: style(el).direction, stated: el.getAttribute("dir") || "", text: flat(el.textContent).slice(0, 300) }));
  const frames = all("iframe, frame").map((el) => {
    let inner = "";
    try { inner = flat(el.contentDocument?.title) + " " + flat(el.contentDocument?.querySelector("h1")?.textContent); } catch { /* another origin's page is not ours to read */ }
    return { ...base(el), seen: seen(el), title: el.getAttribute("title"), src: el.src, inner: flat(inner), sandbox: el.hasAttribute("sandbox") };
  });
  const media = all("audio, video").map((el) => ({ ...base(el), tracks: all("track", el).map((one) => one.kind || "subtitles"), autoplay: el.autoplay, muted: el.muted, controls: el.controls, loop: el.loop, described: !!el.getAttribute("aria-describedby"), transcript: /transcript/i.test(el.parentElement?.textContent || "") }));
  const ids = {};
  all("[id]").forEach((el) => { (ids[el.id] ||= []).push(el); });
  const scrollers = all("body *").filter((el) => ["auto", "scroll"].includes(style(el).overflowX) && el.scrollWidth > el.clientWidth + 40 && flat(el.textContent).length > 40 && !el.closest("pre, table") && !el.querySelector(":scope > table, :scope > pre")).map(base);
  // Fonts of the reader's own machine are there at once.
  const faces = Array.from(document.styleSheets).flatMap((sheet) => { try { return Array.from(sheet.cssRules); } catch { return []; } }).filter((rule) => rule instanceof CSSFontFaceRule);
  const family = (name) => name.replace(/["']/g, "");
  const loaded = new Set(faces.filter((rule) => rule.style.src.includes("url(")).map((rule) => family(rule.style.fontFamily)));
  const installed = new Set(faces.map((rule) => family(rule.style.fontFamily)).filter((name) => !loaded.has(name)));
  const pick = (query) => all(query).map((el) => ({ ...base(el), text: flat(el.textContent).slice(0, 120), empty: !flat(el.textContent) && !el.children.length }));
  const content = document.querySelector("main, [role=main], article") || document.body;
  const navigation = performance.getEntriesByType("navigation")[0];
  const metas = {};
  all("meta[name], meta[property], meta[http-equiv]").forEach((el) => { metas[(el.name || el.getAttribute("property") || el.httpEquiv).toLowerCase()] ??= el.content; });
  return {
    title: document.title, hasTitle: !!document.querySelector("head > title, title"), lang: document.documentElement.getAttribute("lang"), dir: document.documentElement.dir,
    doctype: document.doctype ? document.doctype.name : "", compat: document.compatMode, charset: document.characterSet, metas, bodySize,
    canonical: all("link[rel~=canonical]").map((el) => el.href), hreflang: all("link[rel~=alternate][hreflang]").map((el) => [el.hreflang, el.href]), base: document.baseURI,
    headings: all("h1,h2,h3,h4,h5,h6").map((el) => ({ ...base(el), level: Number(el.localName[1]), text: flat(el.textContent), seen: seen(el) })),
    text: flat(content?.innerText).slice(0, 20000), length: flat(document.body?.innerText).length,
    jsonld: all("script[type='application/ld+json']").map((el) => ({ ...base(el), text: el.textContent.slice(0, 20000) })),
    links, images, controls, labels, fieldsets, forms, texts, tables, clickable, idle, dialogs, generated, hoverOnly, parts, frames, media, scrollers,
    anchors: Object.keys(ids).slice(0, 3000).concat(all("a[name]").map((el) => el.name)),
    duplicates: Object.values(ids).filter((many) => many.length > 1 && many[0].id).map((many) => ({ ...base(many[1]), id: many[0].id, count: many.length })),
    deprecated: pick("center, font, big, strike, tt, acronym, applet, basefont, dir, blink, marquee, frameset"), keys: pick("[accesskey]"), empties: pick("p:not([aria-live], [role=alert], [role=status], [role=log])").filter((one) => one.empty), pres: pick("pre:not(:has(code, kbd, samp)):not([role])"),
    abbreviations: all("abbr:not([title])").map((el) => ({ ...base(el), text: flat(el.textContent) })), objects: all("object, embed").map((el) => ({ ...base(el), wmode: el.querySelector("param[name=wmode]")?.getAttribute("value") || el.getAttribute("wmode") || "" })),
    articles: all("article").filter((el) => el.querySelector("nav") && flat(el.textContent).length - all("nav", el).reduce((sum, nav) => sum + flat(nav.textContent).length, 0) < 60).map(base),
    scripts: all("script[src]").map((el) => ({ ...base(el), src: el.src, integrity: !!el.integrity, defer: el.defer || el.async || el.type === "module", head: !!el.closest("head"), crossorigin: el.hasAttribute("crossorigin") })),
    styles: all("link[rel~=stylesheet]").map((el) => ({ ...base(el), src: el.href, integrity: !!el.integrity, media: el.media })), preconnects: all("link[rel~=preconnect], link[rel~=dns-prefetch]").map((el) => el.href),
    libraries: { jquery: window.jQuery?.fn?.jquery, jqueryui: window.jQuery?.ui?.version, angular: window.angular?.version?.full, [typeof window._?.cloneDeep === "function" ? "lodash" : "underscore"]: typeof window._?.VERSION === "string" ? window._.VERSION : undefined, axios: window.axios?.VERSION, knockout: window.ko?.version, mustache: window.Mustache?.version, highlightjs: window.hljs?.versionString, videojs: window.videojs?.VERSION, pdfjs: window.pdfjsLib?.version, jszip: window.JSZip?.version, chartjs: window.Chart?.version, ckeditor: window.CKEDITOR?.version, tinymce: window.tinymce?.majorVersion && `${window.tinymce.majorVersion}.${window.tinymce.minorVersion}`, bootstrap: window.bootstrap?.Tooltip?.VERSION || window.jQuery?.fn?.tooltip?.Constructor?.VERSION, moment: window.moment?.version, handlebars: window.Handlebars?.VERSION, vue: window.Vue?.version, dompurify: window.DOMPurify?.version },
    fontFaces: Array.from(document.fonts || []).filter((one) => !installed.has(family(one.family))).map((one) => [one.family, one.display]).slice(0, 40), domSize: document.getElementsByTagName("*").length,
    lab: { lcp: watch.lab.lcp || 0, cls: watch.lab.cls || 0, blocked: watch.lab.blocked || 0, long: watch.lab.long || 0, lcpSelector: watch.lab.lcpElement?.isConnected ? selector(watch.lab.lcpElement) : "", shifted: watch.lab.shifted?.isConnected ? selector(watch.lab.shifted) : "",
      fcp: performance.getEntriesByName("first-contentful-paint")[0]?.startTime || 0, ttfb: navigation ? navigation.responseStart - navigation.requestStart : 0, load: navigation?.loadEventEnd || 0 },
    lazyBelow: all("img:not([loading=lazy])").filter((el) => el.getBoundingClientRect().top > innerHeight * 2).length, width: document.documentElement.scrollWidth,
  };
}
