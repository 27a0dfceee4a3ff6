export interface ServiceLine {
  readonly service: string;
  readonly en: string;
  readonly zh: string;
  readonly health: 'ready' | 'not-ready' | 'absent';
}

const HEALTH: Readonly<Record<ServiceLine['health'], string>> = {
  ready: 'ready 就绪',
  'not-ready': 'not ready 未就绪',
  absent: 'not here 未部署',
};

const STYLE = `:root{color-scheme:light dark;font-family:system-ui,"Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif}
body{max-width:60rem;margin:2rem auto;padding:0 1rem;line-height:1.5}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .75rem .35rem 0;border-bottom:1px solid GrayText}`;

/** What is here, in both languages at once, for a person with a browser and nothing else. All its words are our own. */
export function homePage(lines: readonly ServiceLine[]): string {
  const rows = lines.map(
    ({ service, en, zh, health }) =>
      `<tr><td><a href="/api/${service}/openapi.json">${service}</a></td><td>${en}<br><span lang="zh-CN">${zh}</span></td>` +
      `<td>${health === 'absent' ? HEALTH.absent : `<a href="/api/${service}/health/ready">${HEALTH[health]}</a>`}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Lotwarden</title><style>${STYLE}</style></head>
<body>
<h1>Lotwarden</h1>
<p>Lot and serial traceability, quality and recall. Each service with its API description and its health.<br>
<span lang="zh-CN">批次与序列号追溯、质量与召回。以下为各服务的接口说明与运行状况。</span></p>
<table>
<thead><tr><th>Service 服务</th><th>What it owns 职责</th><th>Health 状态</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
<p><a href="/openid/.well-known/openid-configuration">OpenID configuration 登录与令牌</a> ·
<a href="/registry/subjects">Schemas 消息结构</a> · <a href="/errors">Error codes 错误代码</a> · <a href="/openapi">API index 接口目录</a></p>
</body>
</html>
`;
}
