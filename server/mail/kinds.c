/* kinds.c: the table of kinds of mails. */
#include "mail/kinds.h"

#include <string.h>

const struct mail_kind_entry mail_kinds[MAIL_KINDS] = {
    [MAIL_REMINDER] = {"reminder", {{"報送期限提醒", "reminders of due dates"}}, true},
    [MAIL_RETURN] = {"return", {{"退回補正通知", "returns"}}, true},
    [MAIL_ACCEPTANCE] = {"acceptance", {{"審核結果通知", "acceptances"}}, true},
    [MAIL_DECISION] = {"decision", {{"新增及撤回列管事項通知", "decisions to carry out, new or withdrawn"}}, true},
    [MAIL_BREAK_GLASS] = {"break_glass", {{"緊急權限使用通知", "uses of break-glass"}}, false},
    [MAIL_DIGEST] = {"digest", {{"每週彙報", "weekly digests"}}, true},
    [MAIL_RESET] = {"reset", {{"密碼重設連結", "links to reset a password"}}, false},
};

bool mail_kind_parse(const char *text, enum mail_kind *ret_kind)
{
    for (int i = 0; i < MAIL_KINDS; i++) {
        if (strcmp(mail_kinds[i].code, text) == 0) {
            *ret_kind = (enum mail_kind)i;
            return true;
        }
    }
    return false;
}
