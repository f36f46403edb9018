//! The words that label questions, answers and sections without either.
//!
//! They are in lower case, in a few languages; an author adds the labels of others with
//! `answer_labels` and `key_point_labels`.

/// Labels of questions.
#[rustfmt::skip]
pub(in crate::parse) const QUESTION: &[&str] = &[
    "question", "quest", "ques", "que", "q", "frage", "pregunta", "pergunta", "questão", "domanda",
    "pytanie", "вопрос", "питання", "въпрос", "soru", "pertanyaan", "soal", "vraag", "fråga",
    "questao", "প্রশ্ন", "سوال",
    "spørgsmål", "spørsmål", "kysymys", "otázka", "kérdés", "întrebare", "ερώτηση", "câu hỏi",
    "câu", "שאלה", "سؤال", "السؤال", "س", "پرسش", "प्रश्न", "คำถาม", "问题", "問題", "问", "問", "題", "题", "質問", "질문",
    "문제",
    "sual", "savol", "pitanje", "питање", "vprašanje", "klausimas", "jautājums", "küsimus", "сұрақ", "tanong",
    "swali", "კითხვა", "հարց", "pyetje", "прашање",
];

/// Further labels of questions on a line of their own.
#[rustfmt::skip]
pub(in crate::parse) const TASK: &[&str] = &[
    "题目", "題目", "task", "exercise", "problem", "prompt", "statement", "donnée", "énoncé", "aufgabe",
    "aufgabenstellung", "enunciado", "treść", "условие",
];

/// Names of the asker, in a heading.
pub(in crate::parse) const ASKER: &[&str] = &["面试官", "面試官", "interviewer"];

/// Titles of overviews and summaries.
#[rustfmt::skip]
pub(in crate::parse) const OVERVIEW: &[&str] = &[
    "overview", "introduction", "conclusion", "conclusions", "überblick", "einleitung", "fazit",
    "aperçu", "resumen", "introducción", "conclusión", "conclusiones", "visão geral", "introdução",
    "conclusão", "introduzione", "conclusione", "обзор", "введение", "заключение", "вступ",
    "висновок", "wprowadzenie", "podsumowanie", "giriş", "sonuç", "tổng quan", "giới thiệu",
    "kết luận", "概述", "简介", "总结", "小结", "前言", "はじめに", "まとめ", "概要", "개요", "결론",
];

/// Labels of answers.
#[rustfmt::skip]
pub(in crate::parse) const ANSWER: &[&str] = &[
    "correct answers", "correct answer(s)", "correct answer", "right answer", "answer(s)", "sample answer", "example answer",
    "model answer", "suggested answer", "possible answer", "short answer", "expected answer",
    "right answers", "the answer", "answers", "answer", "ans", "solutions", "solution", "richtige antwort", "antwort", "lösung",
    "richtige antworten", "antworten", "lösungen",
    "bonne réponse", "bonnes réponses", "réponse correcte", "réponses correctes", "réponses",
    "réponse", "reponse", "respuesta correcta", "respuestas correctas", "respuestas", "respuesta",
    "solución", "soluciones",
    "resposta correta", "respostas corretas", "resposta certa", "respostas certas", "respostas", "resposta",
    "gabarito", "risposta corretta", "risposte corrette", "risposta esatta", "risposte", "risposta", "soluzione",
    "soluzioni", "poprawna odpowiedź", "prawidłowa odpowiedź", "poprawne odpowiedzi", "prawidłowe odpowiedzi",
    "odpowiedzi", "odpowiedź", "правильный ответ", "правильные ответы", "верный ответ", "верные ответы", "ответы",
    "ответ", "решение", "правильна відповідь", "правильні відповіді", "відповіді", "відповідь", "правилен отговор", "правилни отговори", "отговор", "doğru cevap", "doğru cevaplar", "doğru yanıt", "cevaplar", "cevap", "yanıtlar", "yanıt",
    "kunci jawaban", "jawaban yang benar", "jawaban benar", "jawaban", "juiste antwoord", "juiste antwoorden",
    "goede antwoord", "antwoorden", "antwoord", "rätt svar", "riktig svar", "rigtigt svar", "svar", "oikea vastaus",
    "oikeat vastaukset", "vastaus", "správná odpověď", "správné odpovědi", "správna odpoveď", "správne odpovede",
    "helyes válasz", "helyes válaszok", "răspuns corect", "răspunsuri corecte", "σωστή απάντηση", "σωστές απαντήσεις",
    "odpověď", "odpoveď", "válasz", "răspuns", "απάντηση", "đáp án đúng", "đáp án", "câu trả lời đúng", "trả lời", "câu trả lời",
    "תשובה נכונה", "התשובה הנכונה", "תשובות", "תשובה", "الإجابة الصحيحة", "الإجابات الصحيحة", "الجواب الصحيح",
    "الإجابات", "الإجابة", "إجابة", "الجواب", "جواب", "ج", "پاسخ صحیح", "پاسخ", "सही उत्तर", "उत्तर", "সঠিক উত্তর", "উত্তর", "คำตอบ", "正确答案", "参考答案",
    "答案", "回答", "解答", "正解", "正確答案", "答え", "答", "정답", "올바른 답", "답변", "답", "解",
    "düzgün cavab", "cavab", "to'g'ri javob", "to‘g‘ri javob", "javob", "tačan odgovor", "točan odgovor", "odgovor", "тачан одговор",
    "одговор", "pravilen odgovor", "teisingas atsakymas", "atsakymas", "pareizā atbilde", "atbilde", "õige vastus", "vastus", "жауап",
    "sagot", "jibu", "პასუხი", "պատասխան", "përgjigja", "përgjigje",
];

/// Beginnings of sentences that name the correct option: `the answer is`.
#[rustfmt::skip]
pub(in crate::parse) const VERDICT: &[&str] = &[
    "the correct answer is", "the correct answers are", "the right answer is", "the answer is",
    "the answers are", "correct answer is", "the correct option is", "the correct choice is",
    "die richtige antwort ist", "richtig ist", "la bonne réponse est", "la réponse correcte est",
    "la réponse est", "la respuesta correcta es", "la respuesta es", "a resposta correta é",
    "a resposta certa é", "a resposta é", "la risposta corretta è", "la risposta è",
    "правильный ответ", "верный ответ", "het juiste antwoord is", "doğru cevap", "correct",
    "correct option", "correct choice",
];

/// What is said behind the letter of a correct option.
#[rustfmt::skip]
pub(in crate::parse) const IS_RIGHT: &[&str] = &[
    "is correct", "is right", "is the correct", "is the right", "is the best answer", "ist richtig", "ist korrekt",
    "est correct", "est juste", "est vrai", "es correct", "es la correcta", "está correta", "é correta", "è corrett", "è giust",
];

/// What is said behind the letter of a wrong option.
#[rustfmt::skip]
pub(in crate::parse) const IS_WRONG: &[&str] = &[
    "is not correct", "is not right", "is not the ", "is incorrect", "is wrong", "isn't correct", "isn’t correct", "isn't right",
    "ist falsch", "ist nicht richtig", "ist nicht korrekt", "est incorrect", "est faux", "est fausse", "n'est pas", "no es ",
    "es incorrect", "não é ", "não está", "está incorreta", "é incorreta", "non è ", "è sbagliat", "è errat",
];

/// Headers of a column of questions, besides [`QUESTION`].
#[rustfmt::skip]
pub(in crate::parse) const FRONT: &[&str] = &[
    "front", "front side", "prompt", "flashcard", "vorderseite", "recto", "anverso", "frente",
    "fronte", "przód", "лицевая сторона", "лицо", "ön yüz", "előlap", "voorkant", "framsida",
    "正面", "表面", "앞면", "mặt trước", "depan",
];

/// Headers of a column of answers, besides [`ANSWER`].
#[rustfmt::skip]
pub(in crate::parse) const BACK: &[&str] = &[
    "back", "back side", "response", "rückseite", "verso", "reverso", "retro", "tył",
    "обратная сторона", "оборот", "arka yüz", "hátlap", "achterkant", "baksida", "背面", "反面",
    "뒷면", "mặt sau", "belakang",
];

/// Headers of a column of terms.
#[rustfmt::skip]
pub(in crate::parse) const TERM: &[&str] = &[
    "term", "word", "concept", "expression", "phrase", "vocabulary", "vocab", "idiom", "acronym",
    "abbreviation", "keyword", "begriff", "fachbegriff", "wort", "vokabel", "ausdruck", "abkürzung",
    "terme", "mot", "notion", "término", "palabra", "concepto", "termo", "palavra", "conceito",
    "termine", "parola", "concetto", "pojęcie", "słowo", "термин", "слово", "понятие", "термін",
    "поняття", "kifejezés", "szó", "fogalom", "terim", "kelime", "kavram", "begrip", "woord",
    "ord", "begrepp", "begreb", "begrep", "pojem", "slovo", "termen", "cuvânt", "όρος", "λέξη",
    "thuật ngữ", "khái niệm", "từ", "istilah", "缩写", "简称", "略語", "縮寫", "약어", "сокращение", "аббревиатура", "sigla", "sigle", "kısaltma", "skrót", "zkratka", "afkorting", "短语", "词组", "kata", "术语", "单词", "词语", "词汇", "概念", "名词",
    "術語", "單字", "単語", "用語", "용어", "단어", "개념", "مصطلح", "كلمة", "מונח", "מילה", "शब्द",
];

/// Headers of a column of definitions.
#[rustfmt::skip]
pub(in crate::parse) const MEANING: &[&str] = &[
    "definition", "meaning", "translation", "explanation", "description", "definitionen",
    "bedeutung", "übersetzung", "erklärung", "beschreibung", "définition", "signification", "sens",
    "traduction", "explication", "definición", "significado", "traducción", "explicación",
    "definição", "tradução", "explicação", "definizione", "significato", "traduzione",
    "spiegazione", "definicja", "znaczenie", "tłumaczenie", "определение", "значение", "перевод",
    "объяснение", "визначення", "переклад", "значення", "jelentés", "meghatározás", "fordítás",
    "definíció", "tanım", "anlam", "çeviri", "açıklama", "definitie", "betekenis", "vertaling",
    "betydelse", "översättning", "betydning", "oversettelse", "definice", "význam", "překlad",
    "definiție", "semnificație", "ορισμός", "σημασία", "định nghĩa", "ý nghĩa", "nghĩa", "definisi",
    "arti", "full form", "stands for", "全称", "中文", "расшифровка", "定义", "释义", "意思", "含义", "解释", "翻译", "定義", "意味", "訳", "정의", "뜻", "의미",
    "تعريف", "معنى", "הגדרה", "משמעות", "अर्थ",
];

/// Headers of the columns of a vocabulary: names of languages.
#[rustfmt::skip]
pub(in crate::parse) const LANGUAGE: &[&str] = &[
    "english", "german", "french", "spanish", "castilian", "italian", "portuguese", "dutch",
    "flemish", "swedish", "norwegian", "danish", "finnish", "icelandic", "polish", "czech",
    "slovak", "slovene", "slovenian", "croatian", "serbian", "bosnian", "macedonian", "albanian",
    "hungarian", "romanian", "greek", "turkish", "russian", "ukrainian", "belarusian", "bulgarian",
    "estonian", "latvian", "lithuanian", "irish", "welsh", "gaelic", "breton", "catalan", "basque",
    "galician", "latin", "esperanto", "arabic", "hebrew", "yiddish", "persian", "farsi", "kurdish",
    "hindi", "urdu", "bengali", "punjabi", "tamil", "telugu", "marathi", "nepali", "sanskrit",
    "thai", "lao", "khmer", "burmese", "vietnamese", "indonesian", "malay", "tagalog", "filipino",
    "hawaiian", "maori", "chinese", "mandarin", "cantonese", "japanese", "korean", "mongolian",
    "georgian", "armenian", "azerbaijani", "kazakh", "uzbek", "swahili", "zulu", "xhosa",
    "afrikaans", "yoruba", "igbo", "hausa", "amharic", "somali", "quechua", "deutsch", "englisch",
    "französisch", "spanisch", "italienisch", "portugiesisch", "niederländisch", "schwedisch",
    "polnisch", "türkisch", "russisch", "latein", "lateinisch", "griechisch", "arabisch",
    "chinesisch", "japanisch", "koreanisch", "français", "anglais", "allemand", "espagnol",
    "italien", "portugais", "néerlandais", "russe", "arabe", "chinois", "japonais", "español",
    "inglés", "francés", "alemán", "ruso", "chino", "japonés", "italiano", "inglese", "francese",
    "tedesco", "spagnolo", "latino", "português", "inglês", "francês", "alemão", "espanhol",
    "nederlands", "engels", "duits", "frans", "spaans", "svenska", "engelska", "tyska", "norsk",
    "engelsk", "tysk", "dansk", "suomi", "englanti", "polski", "angielski", "niemiecki", "rosyjski",
    "čeština", "česky", "anglicky", "angličtina", "německy", "magyar", "angol", "német", "türkçe",
    "ingilizce", "almanca", "русский", "английский", "немецкий", "французский", "испанский",
    "українська", "англійська", "німецька", "ελληνικά", "αγγλικά", "العربية", "الإنجليزية", "עברית",
    "אנגלית", "हिन्दी", "अंग्रेज़ी", "ไทย", "tiếng việt", "tiếng anh", "bahasa indonesia", "中文", "汉语",
    "漢語", "英文", "英语", "英語", "日文", "日语", "日本語", "韩语", "韓国語", "德语", "法语", "한국어", "영어",
    "일본어", "중국어",
];

/// Headers of a column of tags.
pub(in crate::parse) const TAGS: &[&str] = &["tag", "tags", "label", "labels", "schlagwörter"];

/// Headers of a column of topics.
#[rustfmt::skip]
pub(in crate::parse) const TOPIC: &[&str] = &[
    "topic", "topics", "category", "deck", "chapter", "section", "subject", "unit", "lesson",
    "domain", "thema", "kategorie", "kapitel", "sujet", "thème", "catégorie", "chapitre", "tema",
    "categoría", "capítulo", "categoria", "тема", "категория", "раздел", "глава", "kategória",
    "téma", "konu", "kategori", "主题", "分类", "章节", "类别", "カテゴリ", "분류", "주제",
];

/// Headers of a column of row numbers.
#[rustfmt::skip]
pub(in crate::parse) const NUMBER: &[&str] = &[
    "#", "№", "no", "nr", "num", "number", "n", "n°", "id", "guid", "s.no", "sno", "sl", "index",
    "nummer", "numéro", "número", "numero", "номер", "sıra", "序号", "编号", "番号", "번호", "stt",
];

/// Labels of explanations.
#[rustfmt::skip]
pub(in crate::parse) const EXPLANATION: &[&str] = &[
    "explanation", "explanations", "rationale", "reference", "references", "note", "source",
    "resources", "erklärung", "explicación", "explication", "объяснение", "пояснение", "解析",
    "解释", "解説", "해설", "explicação", "spiegazione", "açıklama",
];

/// Labels of options.
#[rustfmt::skip]
pub(in crate::parse) const OPTIONS: &[&str] = &[
    "options", "option", "choices", "answer choices", "answer options", "optionen",
    "antwortmöglichkeiten", "opciones", "opções", "alternativas", "choix", "opzioni", "opcje",
    "варианты", "варианты ответа", "варианты ответов", "варіанти", "seçenekler", "şıklar",
    "opties", "alternativ", "lựa chọn", "pilihan", "选项", "選項", "選択肢", "선택지", "보기", "خيارات",
    "الخيارات", "אפשרויות", "विकल्प",
];

/// Summaries of hidden answers, besides [`ANSWER`].
#[rustfmt::skip]
pub(in crate::parse) const REVEAL: &[&str] = &[
    "show answer", "see answer", "view answer", "reveal answer", "click for answer",
    "click to reveal", "click here for answer", "click to see answer", "click to show answer",
    "click to view answer", "click to see the answer", "show solution", "see solution",
    "view solution", "reveal", "toggle answer", "show me the answer", "answer key", "answer here",
    "see the answer", "show the answer", "reveal the answer", "view the answer", "expand answer",
    "click to expand", "click to open", "spoiler", "show", "click here", "click me",
    "показать ответ", "посмотреть ответ", "ver respuesta",
    "ver resposta", "voir la réponse", "antwort anzeigen", "查看答案", "点击查看答案", "展开",
    "顯示答案", "显示答案",
];

/// Kinds of callouts that hold questions.
pub(in crate::parse) const CALLOUT: &[&str] =
    &["question", "faq", "help", "quiz", "card", "flashcard", "q", "qa"];

/// Summaries of parts of an answer.
#[rustfmt::skip]
pub(in crate::parse) const PART: &[&str] = &[
    "hint", "hints", "example", "examples", "code", "explanation", "details", "more", "read more",
    "see more", "show more", "output", "screenshot", "screenshots", "image", "table of contents",
    "contents", "toc", "note", "notes", "reference", "references", "deep dive", "tip",
];

/// Titles of sections without questions, by the reason why they are skipped.
#[rustfmt::skip]
pub(in crate::parse) const NOISE: &[(&str, &[&str])] = &[
    (
        "table of contents",
        &[
            "table of contents", "tables of contents", "contents", "content", "toc", "index",
            "table of content", "list of questions", "questions list", "inhalt",
            "inhaltsverzeichnis", "índice", "indice", "sommaire", "table des matières",
            "содержание", "оглавление", "目录", "目錄", "目次", "summary", "spis treści",
            "mục lục", "outline",
        ],
    ),
    (
        "about the document",
        &[
            "license", "licence", "copyright", "contributing", "contribute", "contribution",
            "contributions", "contributors", "how to contribute", "contribution guidelines",
            "contributing guidelines", "code of conduct", "credits", "acknowledgements",
            "acknowledgments", "acknowledgement", "thanks", "sponsors", "sponsor", "backers",
            "support", "support us", "donate", "donations", "author", "authors", "maintainers",
            "about me", "about the author", "contact", "contacts", "connect with me", "follow me",
            "stargazers", "star history", "stargazers over time", "disclaimer", "changelog",
            "translations", "similar projects", "related projects", "lizenz", "лицензия",
            "许可证", "贡献", "licencia", "contribuir",
        ],
    ),
    (
        "an answer key",
        &[
            "answer key", "answer keys", "answers key", "key to the exercises", "solution key",
            "lösungsschlüssel", "clave de respuestas", "corrigé", "gabarito",
        ],
    ),
    (
        "where to read on",
        &[
            "references", "reference", "resources", "further reading", "useful links", "links",
            "related topics", "related links", "see also", "read more", "bibliography", "sources",
            "more resources", "additional resources", "learn more", "ссылки", "источники", "参考", "参考资料",
            "参考链接", "参考文献", "相关链接", "延伸阅读", "參考資料", "參考連結", "参考リンク", "참고 자료", "참고",
            "referencias", "enlaces", "referências", "références", "liens", "quellen", "riferimenti", "kaynaklar",
        ],
    ),
];

/// Titles that say only that questions follow.
#[rustfmt::skip]
pub(in crate::parse) const CONTAINER: &[&str] = &[
    "questions", "question", "q&a", "q & a", "q/a", "qa", "questions & answers",
    "questions and answers", "question and answers", "questions/answers", "faq", "faqs",
    "list of questions & answers", "list of questions and answers", "answers",
    "list of questions with answers", "fragen", "fragen und antworten", "вопросы",
    "вопросы и ответы", "preguntas", "preguntas y respuestas", "questions et réponses",
    "问题", "问答", "flashcards", "cards", "flashcard", "card",
];

/// Parts of titles and file names that promise questions.
#[rustfmt::skip]
pub(in crate::parse) const BANK: &[&str] = &[
    "interview", "question", "quiz", "faq", "flashcard", "flash card", "q&a", "trivia", "mcq", "interrogat", "fragen", "frage", "вопрос", "питання", "собеседован", "pregunt",
    "entrevista", "pergunt", "entretien", "domand", "colloquio", "pytan", "mülakat", "soru",
    "面试", "面試", "面接", "问题", "問題", "问答", "题", "質問", "면접", "질문", "phỏng vấn", "câu hỏi",
    "wawancara", "pertanyaan", "exercise", "riddle", "puzzle", "study deck", "vocab", "vokabel",
    "karteikart", "lernkart", "карточк", "întreb", "intreb", "raspuns", "răspuns", "প্রশ্ন", "ইন্টারভিউ", "प्रश्न", "इंटरव्यू", "سوال", "أسئلة", "سؤال", "שאלות", "คำถาม", "ερωτήσ", "otázk", "otazk", "kérdés",
    "kerdes", "sualla", "savolla", "pitanja", "питања", "vprašanj", "vprasanj", "klausima", "jautājum", "küsimus", "сұрақта",
    "pyetje", "прашања", "әңгімелесу", "müsahibə",
];

/// The same, but only as whole words, as they are also parts of `examples` or `survival`.
#[rustfmt::skip]
pub(in crate::parse) const BANK_WHOLE: &[&str] = &[
    "exam", "exams", "examen", "examens", "viva", "prüfung", "prüfungen", "klausur", "probeklausur", "assignment", "homework",
];

/// Texts of links to the top of a page.
#[rustfmt::skip]
pub(in crate::parse) const BACK_LINK: &[&str] = &[
    "back to top", "back to the top", "go to top", "go back to top", "return to top", "to top",
    "top", "back to contents", "back to content", "back to table of contents", "back to toc",
    "back to index", "back to questions", "back to the questions", "go to questions", "back",
    "back to list", "back to question list", "back to home", "home", "go up", "up", "scroll to top",
    "return to table of contents", "go to table of contents", "return to contents", "top of page",
    "nach oben", "zurück nach oben", "volver arriba", "volver al inicio", "subir", "voltar ao topo",
    "ir para o topo", "retour en haut", "haut de page", "torna su", "наверх", "к содержанию",
    "к оглавлению", "вверх", "вернуться к содержанию", "вернуться к оглавлению", "назад",
    "返回目录", "返回顶部", "回到顶部", "回到目录", "回目录", "トップへ戻る", "목차로", "맨 위로", "yukarı çık",
    "başa dön", "back to top of page", "table of contents", "toc",
];

/// Placeholders for answers.
#[rustfmt::skip]
pub(in crate::parse) const PLACEHOLDER: &[&str] = &[
    "answer here", "your answer here", "answer goes here", "add answer here", "add your answer",
    "write your answer here", "put your answer here", "todo", "tbd", "to be done",
    "to be answered", "to be completed", "to be added", "to do", "coming soon", "wip", "work in progress", "fixme",
    "no answer yet", "not answered yet", "answer coming soon", "insert answer here",
    "enter answer here", "add answer", "待补充", "待完善", "待续", "暂无", "缺少答案", "todo answer",
    "to be continued", "xxx", "???", "tba", "n/a yet", "unanswered",
];

/// First words of questions, and hardly of other sentences.
#[rustfmt::skip]
pub(in crate::parse) const INTERROGATIVE: &[&str] = &[
    "what", "what's", "whats", "what’s", "why", "how", "how's", "when", "where", "which", "who",
    "whose", "whom", "is", "are", "was", "were", "could", "does", "did", "should", "would", "wie",
    "warum", "wann", "wo", "wer", "welche", "welcher", "welches", "wozu", "что", "как", "почему",
    "зачем", "когда", "где", "какой", "какие", "какая", "каково", "чем", "кто", "сколько", "що",
    "як", "чому", "qué", "cuál", "cuáles", "cómo", "cuándo", "dónde", "quién", "qual", "quais",
    "quando", "onde", "quem", "pourquoi", "comment", "quel", "quelle", "quels", "quelles",
    "qu'est-ce", "quand", "où", "cosa", "perché", "dove", "quali", "czym", "jak", "dlaczego",
    "kiedy", "jakie", "jaka", "jaki", "gdzie", "nedir", "nasıl", "neden", "apa", "apakah",
    "bagaimana", "mengapa", "wat", "hoe", "waarom", "waar", "welke", "wanneer",
    "milyen", "hogyan", "miért", "mikor", "melyik", "melyek", "mennyi", "hány", "miben", "mit", "mik", "kik", "hol", "šta", "što", "kako",
    "zašto", "gdje", "gde", "koji", "koja", "koje", "koliko", "шта", "како", "зашто", "који", "која", "које", "колико", "proč", "jaký", "jaké",
    "jaká", "kdy", "kde", "který", "která", "které", "prečo", "ako", "aký", "aké", "ktorý", "ktoré", "ce", "cum", "când", "unde", "care",
    "hur", "varför", "vad", "när", "vilken", "vilka", "vilket", "hvad", "hvorfor", "hvordan", "hvilken", "hvilke", "hvilket", "hvornår",
    "hva", "hvilke", "mikä", "mitä", "miksi", "miten", "milloin", "mitkä", "nə", "niyə", "necə", "nima", "nega", "qanday", "kaj", "zakaj",
    "kas", "kodėl", "kaip", "kāpēc", "kā", "mis", "miks", "kuidas", "τι", "γιατί", "πώς", "πότε", "ποιος", "ποια", "какво", "защо", "кога",
];

/// Further first words of questions and of requests for an answer: `describe`, `is`.
#[rustfmt::skip]
pub(in crate::parse) const ASKING: &[&str] = &[
    "can", "do", "will", "has", "have", "had", "may", "explain", "describe", "create", "generate",
    "build", "convert", "using", "print", "make", "define", "list", "name", "mention", "compare",
    "contrast", "differentiate", "distinguish", "discuss", "difference", "differences", "tell",
    "give", "state", "enumerate", "outline", "identify", "illustrate", "demonstrate", "true",
    "suppose", "consider", "imagine", "assume", "implement", "design", "write", "calculate",
    "compute", "find", "prove", "show", "solve", "evaluate", "justify", "summarize", "elaborate",
    "briefly", "in", "given", "if", "you", "your", "erkläre", "erklären", "beschreibe", "beschreiben", "nenne", "nennen", "erläutern", "erläutere",
    "vergleichen", "begründen", "formulieren", "diskutieren", "analysieren",
    "объясните", "опишите", "расскажите", "перечислите", "назовите", "можно", "для", "в", "que",
    "como", "por", "cuando", "explica", "explique", "menciona", "para", "descreva", "discuta",
    "cite", "fale", "o", "expliquez", "décrivez", "che", "come", "chi", "spiega", "co", "wymień",
    "opisz", "wyjaśnij", "ismertesse", "mutassa", "sorolja", "soroljon", "magyarázza", "jellemezze", "navedi", "navesti", "objasni",
    "objasniti", "definisati", "navedite", "objasnite", "навести", "објаснити", "дефинисати", "popište", "vysvětlete", "uveďte", "jelaskan", "sebutkan", "giải", "viết", "nêu", "hãy", "trình", "mô", "phân", "liệt", "leg", "verklaar", "beschrijf", "bespreek", "noem", "geef",
];

/// Question marks.
pub(in crate::parse) const MARKS: [char; 5] = ['?', '？', '؟', '⁇', '⁉'];

/// Interrogatives of languages without spaces, anywhere in a text.
#[rustfmt::skip]
pub(in crate::parse) const INTERROGATIVE_WITHIN: &[&str] = &[
    "什么", "怎么", "为什么", "哪些", "哪个", "什麼", "怎麼", "為什麼", "なぜ", "ですか", "무엇", "왜", "어떻게",
];

/// Words of questions and requests for an answer in these languages, anywhere in a text.
#[rustfmt::skip]
pub(in crate::parse) const ASKING_WITHIN: &[&str] = &[
    "如何", "是否", "吗", "请", "区别", "介绍", "谈谈", "说说", "何", "どう", "설명", "차이",
    "말해", "말씀해", "얘기해", "답변해",
];

/// Returns whether a title in lower case is that of a section without questions.
pub(in crate::parse) fn is_noise(title: &str) -> bool {
    NOISE.iter().any(|(_, titles)| titles.contains(&title))
}
