/*
 * author_words.h - words of bylines, in the languages of the press; for author_clean.c alone.
 *
 * Lists with a bar between the words, lower case where there is case.
 */
#ifndef WW_EXTRACTORS_AUTHOR_WORDS_H
#define WW_EXTRACTORS_AUTHOR_WORDS_H

/* Words before a name, in the languages of bylines; longest first where one begins another. */
static const char labels[] =
    "view all posts by|all posts by|more posts by|posts by|more by|recipe by|rezept von|escribe|"
    "written and photographed by|article written by|this post was written by|"
    "originally posted by|words and photos by|guest post by|written by|article by|story by|"
    "posted by|published by|submitted by|contributed by|reported by|analysis by|opinion by|"
    "review by|words by|text by|authored by|created by|about the author|author|authors|"
    "author(s)|contributor|byline|by|alle beiträge von|alle artikel von|beiträge von|"
    "zeige alle beiträge von|geschrieben von|verfasst von|erstellt von|veröffentlicht von|"
    "ein beitrag von|ein artikel von|ein gastbeitrag von|gastbeitrag von|ein interview von|"
    "interview von|ein kommentar von|kommentar von|artikel von|beitrag von|text von|"
    "text und fotos|text & fotos|text/fotos|text|interview|autor|autorin|autoren|autor*in|"
    "autor/in|redaktion:|redakteur|redakteurin|vom|von|tous les articles de|articles de|"
    "écrit par|rédigé par|publié par|posté par|propos recueillis par|texte|auteur(s)|auteurs|"
    "auteur|autrice|par|escrito por|publicado por|redactado por|creado por|texto|autora|autores|"
    "por|scritto da|pubblicato da|a cura di|articolo di|testo di|testo|autore|autori|di|da|"
    "geschreven door|geplaatst door|tekst|door|napisał|napisała|opracował|opracowała|"
    "opracowanie|rozmawiał|rozmawiała|autorzy|autorka|przez|napsal|napsala|autoři|připravil|"
    "připravila|írta|szerző|szerzők|skrevet av|skrevet af|skriven av|av|yazan|автор|авторы|"
    "текст|Автор|Авторы|Текст|Écrit par|Írta|本报记者|本報記者|本刊记者|见习记者|"
    "实习记者|特约记者|通讯员|記者|记者|作者|撰文|撰稿|撰稿人|文字|文/图|文|著者|執筆者|執筆|"
    "筆者|取材・文|ライター|글|بقلم|كتبت|كتب|الكاتب|المؤلف|الكاتبة";

/* A label that needs a colon, a bar or a slash behind it: the word alone begins sentences, too. */
static const char needs_colon[] =
    "author|authors|contributor|text|interview|autor|autorin|autoren|redakteur|texte|auteurs|"
    "texto|autora|autores|testo|autore|autori|tekst|autorka|autorzy|文|文字|글|текст|author(s)|"
    "about the author|redakteurin|auteur|autrice|szerző";

/* Words that no name has: buttons, counters, what stands beside a byline. */
static const char junk[] =
    "about|alle|articles|beiträge|bio|bluesky|cart|click|comment|comments|contact|cookie|"
    "cookies|copyright|download|e-mail|email|facebook|fb|follow|followed|foto|fotos|full|"
    "guidelines|home|http|https|image|instagram|kommentar|kommentare|kommentieren|linkedin|"
    "login|mail|mehr|menu|min|mins|minute|minuten|minutes|more|newsletter|pinterest|photo|"
    "photos|picture|posted|posts|published|read|reading|richtlinien|search|share|size|subscribe|"
    "suche|tags|teilen|text|the-author|twitter|uhr|updated|veröffentlicht|view|views|website|"
    "whatsapp|written|www|xing|youtube|your|you|this|that|is|are|was|has|reviewed|available|"
    "profile|profil|fact|checked|last|stand|quelle|publicado|publicada|human|policies|"
    "affiliations|permissions|information|übersetzung|themenstarter|beitragvon|recipe|rezept|"
    "sources|source|loading|stories|related|categories|category|фото|actualizado|aggiornato|"
    "modifié|publié|gepubliceerd|opublikowano|publikováno";

/* Accounts that nobody has named. */
static const char nobody[] =
    "admin|administrator|publisher|webmaster|user|null|undefined|none|root|author|guest|"
    "guest author|gast|gastautor|anonymous|anonymus|anónimo|anonimo|anonyme|unknown|unbekannt|"
    "default|wordpress|super user|superuser|test|n/a|na|invitado|anonym|nobody|no author|autor|"
    "auteur|autore|sysadmin|site admin|web admin|siteadmin|by|von|editor|контент|админ|管理员|"
    "佚名|匿名|مدير";

/* No person's name has these: a desk, a firm, an office. */
static const char desk_words[] =
    "staff|team|teams|desk|editors|editorial|newsroom|redaktion|onlineredaktion|redaktionsteam|"
    "redaccion|redacción|redacao|redação|redazione|redaction|rédaction|redactie|redakcja|"
    "redakce|szerkesztőség|редакция|news|reports|agency|agencies|agentur|agenturen|agencias|"
    "agenzie|agences|department|departement|ministerium|ministry|university|universität|"
    "universidad|institute|institut|center|centre|zentrum|bundesverband|verband|verein|e.v.|"
    "gmbh|ag|inc|inc.|ltd|ltd.|llc|kg|verlag|press|presse|pressestelle|online|magazine|magazin|"
    "blog|website|site|service|services|society|foundation|stiftung|association|council|group|"
    "media|studio|store|shop|company|committee|board|writers|contributors|correspondents|office|"
    "administration|support|marketing|zeitung|nachrichten|partner|partners|network|club|experts|"
    "bund|feuerwehr|kommunikation|publishing|deutschland|international";

/* What a person does: behind a name and no part of it. */
static const char roles[] =
    "writer|editor|reporter|contributor|correspondent|columnist|journalist|author|founder|"
    "co-founder|ceo|expert|director|manager|producer|photographer|analyst|specialist|consultant|"
    "coach|strategist|blogger|freelance|freelancer|redakteur|redakteurin|chefredakteur|"
    "chefredakteurin|reporterin|korrespondent|korrespondentin|autorin|journalistin|volontär|"
    "volontärin|pressesprecher|rédacteur|rédactrice|journaliste|periodista|redactor|redactora|"
    "giornalista|redattore|redacteur|redaktor|redaktorka|dziennikarz|dziennikarka|jornalista|"
    "repórter|редактор|корреспондент|novinář|redaktorů|dietitian|head|senior|associate|chief|"
    "managing|assistant|special";

/* Particles of names, written small. */
static const char particles[] =
    "de|del|della|der|den|di|da|das|do|dos|du|van|von|vom|zu|zum|la|le|les|el|al|bin|ibn|ben|"
    "bint|ter|ten|te|af|av|y|e|i|st|o|of|the|d|und|'t|op";

/* A name does not end so: another one follows that is not in this text. */
static const char lone_labels[] = "by|von|vom|par|por|di|door|og|and|und|et|the|de|of|for|für";

/* Agencies, as they stand behind names and alone. */
static const char agencies[] =
    "afp|ap|apa|dpa|efe|ansa|pap|čtk|mti|reuters|sid|epd|kna|anp|lusa|tass|xinhua|kyodo|jiji|"
    "ats|sda|belga|europa press";

/* Degrees and the like: they belong to the name before them. */
static const char credentials[] =
    "ba|bs|bsc|ma|ms|msc|mba|mph|md|m.d.|do|phd|ph.d.|rd|rdn|ld|ldn|rn|np|aprn|dvm|vmd|dacvb|"
    "dpt|pt|lcsw|lmft|psyd|edd|jd|j.d.|esq|esq.|cpa|cfp|cfp®|cfa|cepf|cepf®|cpt|cscs|cdces|faap|"
    "facp|facs|fand|foma|dabom|rdh|dds|dmd|pharmd|ma.|m.a.|b.a.|jr|jr.|sr.|ii|iii|lvt|cnp|fnp|"
    "pa-c|od|dc|nd|mres|frs|ll.m.";

#endif
