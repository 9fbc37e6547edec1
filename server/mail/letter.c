/* letter.c: a whole message: headers, greeting, the text of its kind, farewell. */
#include "mail/letter.h"

#include "base/json.h"
#include "mail/letter_inside.h"
#include "mail/mime.h"

/* The city is eight hours ahead; a plan says it for its own letters. */
enum { USUAL_OFFSET = 8 * 3600 };

static enum letter_outcome (*const kinds[MAIL_KINDS])(struct letter *) = {
    [MAIL_REMINDER] = letter_of_reminder,
    [MAIL_RETURN] = letter_of_return,
    [MAIL_ACCEPTANCE] = letter_of_acceptance,
    [MAIL_DECISION] = letter_of_decision,
    [MAIL_BREAK_GLASS] = letter_of_break_glass,
    [MAIL_DIGEST] = letter_of_digest,
    [MAIL_RESET] = letter_of_reset,
};

enum letter_outcome letter_of_reset(struct letter *letter)
{
    const json_t *facts = letter->mail->facts, *expires_at = json_object_get(facts, "expires_at");
    const char *path = json_text_member(facts, "path");

    if (!path || !letter->mail->secret || !json_is_integer(expires_at))
        return LETTER_FAILED;
    if (json_integer_value(expires_at) <= letter->now)
        return LETTER_NEEDLESS;
    letter->subject = letter_words(letter, "密碼重設連結", "A link to reset your password");
    letter_line(
        letter,
        "本系統收到重設您密碼之請求。請於 %s 前開啟下列連結，設定新密碼；連結僅能使用一次。\n\n%s%s%s\n\n"
        "若非您本人提出，請勿開啟連結，並通知系統管理者。原密碼仍屬有效。\n",
        "Somebody asked to reset your password. Open this link before %s and set a new one; it works once.\n\n%s%s%s\n\n"
        "If it wasn't you, don't open it, and tell the administrator. Your password still works.\n",
        letter_moment(letter, json_integer_value(expires_at)),
        letter->settings->base_url ? letter->settings->base_url : "", path, letter->mail->secret);
    return LETTER_WRITTEN;
}

static void append_greeting(struct letter *letter)
{
    if (letter->sample)
        letter_say(letter, "※ 本信依樣本資料產生，所有數字均為虛構。\n\n",
                   "This mail is made from sample data: all figures are synthetic.\n\n");
    letter_line(letter, "%s 您好：\n\n", "Dear %s,\n\n", letter->mail->name);
}

static void append_farewell(struct letter *letter)
{
    const struct mail_kind_entry *kind = &mail_kinds[letter->mail->kind];

    letter_say(letter, "\n--\n本信由匯流系統自動寄發，請勿直接回覆。\n",
               "\n--\nSent by Tributary automatically; please don't answer this mail.\n");
    if (letter->mail->may_be_refused)
        letter_line(
            letter, "不再接收「%s」：請使用郵件程式之「取消訂閱」，或執行 tributary mail preferences --without %s\n",
            "To get no more %s, use \"unsubscribe\" in your mail program, or run tributary mail preferences --without %s\n",
            kind->name.text[letter->mail->language], kind->code);
}

static void append_headers(const struct letter *letter, struct buffer *out)
{
    const struct claimed_mail *mail = letter->mail;
    char date[MIME_DATE_SIZE];

    mime_date(letter->now, letter->utc_offset, date);
    mime_header(out, "Date", date);
    mime_mailbox_header(out, "From", letter->settings->from_display, letter->settings->from_address);
    mime_mailbox_header(out, "To", mail->name, mail->address);
    mime_header(out, "Subject", letter->subject);
    mime_token_header(out, "Message-ID", mail->message_id);
    mime_header(out, "Auto-Submitted", "auto-generated");
    if (mail->may_be_refused && letter->settings->base_url) {
        mime_token_header(out, "List-Unsubscribe",
                          arena_format(letter->arena, "<%s/v1/mail-unsubscriptions/%s>", letter->settings->base_url,
                                       mail->unsubscribe));
        mime_header(out, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    }
}

enum letter_outcome letter_write(struct letter *letter, struct buffer *out)
{
    enum letter_outcome outcome;

    letter->subject = NULL;
    letter->utc_offset = USUAL_OFFSET;
    letter->text = (struct buffer)BUFFER_WITH_LIMIT(LETTER_LIMIT);
    append_greeting(letter);
    outcome = kinds[letter->mail->kind](letter);
    append_farewell(letter);
    if (outcome == LETTER_WRITTEN && letter->sample && letter->subject)
        letter->subject =
            arena_format(letter->arena, "%s%s", letter_words(letter, "【樣本資料】", "[sample] "), letter->subject);
    if (outcome == LETTER_WRITTEN && letter->subject && !letter->text.failed) {
        append_headers(letter, out);
        mime_text_body(out, letter_words(letter, "zh-TW", "en"), letter->text.data);
    }
    if (outcome == LETTER_WRITTEN &&
        (!letter->subject || letter->text.failed || out->failed || arena_is_short(letter->arena)))
        outcome = LETTER_FAILED;
    buffer_free(&letter->text);
    return outcome;
}
