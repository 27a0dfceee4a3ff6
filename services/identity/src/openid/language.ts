export type Language = 'en' | 'zh';

/** English unless one of the languages before it is Chinese; takes `Accept-Language` or `ui_locales`. */
export function preferredLanguage(wanted: string | undefined): Language {
  const ranked = (wanted ?? '')
    .split(/[,\s]+/)
    .map((part) => {
      const [tag = '', quality] = part.split(';q=');
      return { tag: tag.toLowerCase(), quality: quality === undefined ? 1 : Number(quality) || 0 };
    })
    .filter(({ tag, quality }) => quality > 0 && /^(en|zh)\b/.test(tag))
    .sort((a, b) => b.quality - a.quality);
  return ranked[0]?.tag.startsWith('zh') === true ? 'zh' : 'en';
}
