import type { Fact } from './subject.ts';

type Language = 'en' | 'zh';

const day = (moment: string): string => moment.slice(0, 10);

/** What is known of somebody's access, in words. */
export function factText(fact: Fact, language: Language): string {
  const isChinese = language === 'zh';
  switch (fact.fact) {
    case 'stands-for': {
      const { person, from, until } = fact;
      return isChinese
        ? `代理 ${person}(${day(from)} 至 ${day(until)})`
        : `stands in for ${person}, ${day(from)} to ${day(until)}`;
    }
    case 'authenticator':
      if (fact.has) return isChinese ? '已启用身份验证器' : 'has an authenticator';
      return isChinese ? '无身份验证器' : 'no authenticator';
    case 'passkeys':
      return isChinese ? `通行密钥 ${String(fact.count)} 个` : `passkeys: ${String(fact.count)}`;
    case 'logs-in-at': {
      const { provider, decidesRoles } = fact;
      if (decidesRoles) return isChinese ? `通过 ${provider} 登录并由其决定角色` : `logs in at ${provider}, which decides the roles`; // prettier-ignore
      return isChinese ? `通过 ${provider} 登录` : `logs in at ${provider}`;
    }
    case 'emergency-access':
      return isChinese ? `紧急访问至 ${fact.until}` : `access in an emergency until ${fact.until}`;
    case 'one-time-password':
      return isChinese ? '一次性密码尚未更换' : 'has never changed the one-time password';
    case 'secret':
      return isChinese ? `密钥自 ${day(fact.since)}` : `secret since ${day(fact.since)}`;
    case 'device':
      return isChinese ? `设备类型 ${fact.kind}` : `a ${fact.kind}`;
    case 'markets':
      return `${isChinese ? '市场' : 'markets'}: ${fact.markets.join(', ')}`;
    case 'grant': {
      const { value, roles, sites, markets } = fact;
      return `${value} → ${[roles, sites, markets].flatMap((all) => (all ? [all.join(', ')] : [])).join(' · ')}`;
    }
  }
}
