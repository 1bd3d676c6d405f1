/* change_notes.c - the phrases, and how a line begins with one. */
#include "extractors/change_notes.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/token.h"

/*
 * A label stands alone or before a sign or a number: "Correction:", "Update 14:05", but not
 * "Correction officers". What is said in a sentence needs no sign behind it.
 */
static const struct {
    bool is_label;
    const char *list;
} tables[] = {
    {true,
     "correction|corrections|corrected|corrects|clarification|clarifies|update|updated|updates|"
     "editor's note|editors' note|korrektur|berichtigung|update|aktualisiert|aktualisierung|"
     "anmerkung der redaktion|hinweis der redaktion|correction|rectificatif|rectification|"
     "précision|mise à jour|mis à jour|corrigé|note de la rédaction|corrección|correcciones|"
     "fe de errores|fe de erratas|rectificación|actualización|actualizado|actualizada|"
     "nota de la redacción|nota del editor|correzione|rettifica|errata corrige|aggiornamento|"
     "aggiornato|nota della redazione|correção|retificação|errata|atualização|atualizado|"
     "atualizada|nota da redação|correctie|rectificatie|bijgewerkt|aangepast|"
     "noot van de redactie|korekta|sprostowanie|aktualizacja|zaktualizowano|od redakcji|"
     "исправление|уточнение|обновление|обновлено|исправлено|поправка|от редакции|oprava|"
     "aktualizace|aktualizováno|upřesnění|تصحيح|تحديث|تنويه|توضيح|更正|更正啟事|更正启事|更新|勘误|"
     "勘誤|编者按|編者按|澄清|訂正|追記|更新|修正|お詫びと訂正|정정|수정|업데이트|바로잡습니다|"
     "정정보도"                                   },
    {false,
     "this article was updated|this article has been updated|this article was corrected|"
     "this article has been corrected|this article was amended|this article has been amended|"
     "this story was updated|this story has been updated|this story was corrected|"
     "this story has been corrected|this page was updated|this report has been updated|"
     "this report was updated|this post has been updated|an earlier version of this|"
     "a previous version of this|an earlier version incorrectly|last updated|last modified|"
     "updated at|updated on|corrected on|"
     "dieser artikel wurde aktualisiert|dieser artikel wurde korrigiert|"
     "dieser text wurde aktualisiert|dieser beitrag wurde aktualisiert|"
     "in einer früheren version|in einer früheren fassung|zuletzt aktualisiert|"
     "in einer ersten version|cet article a été mis à jour|cet article a été corrigé|"
     "cet article a été modifié|une version précédente de cet|dernière mise à jour|"
     "este artículo ha sido actualizado|este artículo ha sido corregido|"
     "esta noticia ha sido actualizada|una versión anterior de est|última actualización|"
     "actualizado el|questo articolo è stato aggiornato|questo articolo è stato corretto|"
     "in una versione precedente|ultimo aggiornamento|aggiornato il|"
     "este artigo foi atualizado|este artigo foi corrigido|esta notícia foi atualizada|"
     "uma versão anterior dest|última atualização|atualizado em|"
     "dit artikel is bijgewerkt|dit artikel is aangepast|in een eerdere versie|"
     "laatst bijgewerkt|bijgewerkt op|artykuł został zaktualizowany|ostatnia aktualizacja|"
     "w poprzedniej wersji|в предыдущей версии|в более ранней версии|последнее обновление|"
     "статья была обновлена|článek byl aktualizován|článek byl opraven|v předchozí verzi|"
     "poslední aktualizace|تم تحديث هذ|تم تصحيح هذ|آخر تحديث|本文已更新|本文已更正|本文曾更新|"
     "此前版本|早前版本|最后更新|最後更新|最終更新|この記事は更新|この記事は訂正|当初の記事|当初、|"
     "최종 수정|최종수정|이 기사는 수정"},
};

struct phrase {
    const struct token *tokens;
    size_t n_tokens;
    bool is_label;
};

struct change_notes {
    struct phrase *phrases;
    size_t n_phrases;
};

static enum ww_status add(struct change_notes *notes, size_t *capacity, struct slice words,
                          bool is_label, struct arena *arena, struct ww_error *err)
{
    struct token_list list = {0};
    enum ww_status status = token_scan(words, arena, &list, err);

    if (status != WW_OK)
        return status;
    notes->phrases =
        arena_grow(arena, notes->phrases, notes->n_phrases, capacity, sizeof(*notes->phrases));
    if (notes->phrases == NULL)
        return arena_check(arena, err);
    notes->phrases[notes->n_phrases++] = (struct phrase){list.tokens, list.n_tokens, is_label};
    return WW_OK;
}

enum ww_status change_notes_open(struct arena *arena, struct change_notes **out,
                                 struct ww_error *err)
{
    struct change_notes *notes = arena_alloc(arena, sizeof(*notes));
    size_t capacity = 0;
    enum ww_status status = WW_OK;

    *out = notes;
    if (notes == NULL)
        return arena_check(arena, err);
    *notes = (struct change_notes){0};
    for (size_t i = 0; i < WW_COUNT(tables); i++) {
        struct slice rest = slice_from(tables[i].list), words;

        while (status == WW_OK && slice_next(&rest, '|', &words))
            status = add(notes, &capacity, words, tables[i].is_label, arena, err);
    }
    return status;
}

/* Of the last word of a phrase the beginning is enough: "una versión anterior de est|a noticia". */
static bool begins_with(const struct phrase *p, const struct token *tokens, size_t n_tokens)
{
    for (size_t i = 0; i < p->n_tokens; i++) {
        const bool is_last = i + 1 == p->n_tokens && !p->is_label;

        if (i >= n_tokens || !(is_last ? slice_starts(tokens[i].folded, p->tokens[i].folded)
                                       : tokens[i].hash == p->tokens[i].hash))
            return false;
    }
    return true;
}

/* Is the next word further on in its line, behind a sign, or a number? */
static bool stands_alone(struct slice text, const struct token *last, const struct token *next)
{
    if (next == NULL || (next->flags & TOKEN_NUMBER) != 0)
        return true;
    for (uint32_t i = last->end; i < next->start; i++)
        if (text.ptr[i] != ' ')
            return true;
    return false;
}

bool change_notes_match(const struct change_notes *notes, struct slice text,
                        const struct token *tokens, size_t n_tokens)
{
    for (size_t i = 0; i < notes->n_phrases; i++) {
        const struct phrase *p = &notes->phrases[i];

        if (!begins_with(p, tokens, n_tokens))
            continue;
        if (!p->is_label || stands_alone(text, &tokens[p->n_tokens - 1],
                                         p->n_tokens < n_tokens ? &tokens[p->n_tokens] : NULL))
            return true;
    }
    return false;
}
