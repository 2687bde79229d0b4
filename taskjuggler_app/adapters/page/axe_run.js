// axe-core on the whole page, its answer cut down where it is: 20 places a rule, 300 characters of HTML.
async (wanted) => {
  const rules = Object.fromEntries(wanted.map((id) => [id, { enabled: true }]));
  const found = await axe.run(document, { resultTypes: ["violations", "incomplete"], rules, elementRef: false });
  const trim = (list) => list.map((rule) => ({
    id: rule.id, impact: rule.impact, help: rule.help, about: rule.description, url: rule.helpUrl, tags: rule.tags, count: rule.nodes.length,
    nodes: rule.nodes.slice(0, 20).map((node) => ({ target: node.target.flat().join(" "), html: node.html.slice(0, 300), impact: node.impact, summary: (node.failureSummary || "").slice(0, 400),
      data: node.any.concat(node.all, node.none).map((one) => one.data).filter((data) => data && data.fgColor).map((data) => ({ fg: data.fgColor, bg: data.bgColor, ratio: data.contrastRatio, wanted: data.expectedContrastRatio }))[0] || null })),
  }));
  return { violations: trim(found.violations), incomplete: trim(found.incomplete), version: axe.version };
}
