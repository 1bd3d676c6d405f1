/*
 * test_credit.c - where a text comes from: datelines, credits, first publications, and what looks
 * like them and is none, in twenty languages.
 */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "base/text.h"
#include "extractors/agencies.h"
#include "extractors/article.h"
#include "extractors/credit_words.h"
#include "extractors/dateline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* clang-format off */

/* What stands around: two paragraphs. */
static const struct prose {
    const char *language, *first, *second;
} prose[] = {
    {"ar", "أعلنت اللجنة يوم الأربعاء أن الجسر سيبقى مغلقا حتى الربيع بعد أن عثر المهندسون على تشققات في اثنين من أعمدته.", "وسيضطر سكان الضفة الشرقية إلى استخدام العبارة التي تعمل كل نصف ساعة حتى منتصف الليل ولا تنقل الشاحنات."},
    {"cs", "Most zůstane zavřený do jara, oznámil ve středu výbor poté, co inženýři našli trhliny ve dvou pilířích.", "Obyvatelé východního břehu musí používat přívoz, který jezdí každou půlhodinu až do půlnoci a nebere nákladní auta."},
    {"de", "Die Brücke bleibt nach Angaben des Ausschusses bis zum Frühjahr gesperrt, weil Ingenieure Risse in zwei Pfeilern gefunden haben.", "Die Bewohner am östlichen Ufer müssen die Fähre nehmen, die bis Mitternacht jede halbe Stunde fährt und keine Lastwagen mitnimmt."},
    {"el", "Η γέφυρα θα παραμείνει κλειστή έως την άνοιξη, ανακοίνωσε την Τετάρτη η επιτροπή, αφού βρέθηκαν ρωγμές σε δύο πυλώνες.", "Οι κάτοικοι της ανατολικής όχθης θα πρέπει να παίρνουν το πορθμείο, που περνά κάθε μισή ώρα έως τα μεσάνυχτα."},
    {"en", "The committee said on Wednesday that the bridge would stay closed until spring, after engineers found cracks in two of its piers.", "Residents on the eastern bank will have to take the ferry, which runs every half an hour until midnight and carries no lorries."},
    {"es", "El puente permanecerá cerrado hasta la primavera, informó el comité el miércoles, después de que se hallaran grietas en dos pilares.", "Los vecinos de la orilla oriental tendrán que tomar el transbordador, que pasa cada media hora hasta la medianoche y no lleva camiones."},
    {"fr", "Le pont restera fermé jusqu'au printemps, a annoncé mercredi le comité, après la découverte de fissures dans deux de ses piles.", "Les habitants de la rive orientale devront prendre le bac, qui passe toutes les demi-heures jusqu'à minuit et ne prend pas de camions."},
    {"hu", "A híd tavaszig zárva marad, közölte szerdán a bizottság, miután a mérnökök repedéseket találtak két pilléren.", "A keleti part lakóinak a komppal kell átkelniük, amely éjfélig félóránként közlekedik, és teherautókat nem szállít."},
    {"id", "Komite mengatakan pada hari Rabu bahwa jembatan itu akan tetap ditutup sampai musim semi setelah insinyur menemukan retakan.", "Warga di tepi timur harus naik feri, yang berjalan setiap setengah jam sampai tengah malam dan tidak mengangkut truk."},
    {"it", "Il ponte resterà chiuso fino a primavera, ha detto mercoledì il comitato, dopo che gli ingegneri hanno trovato crepe in due piloni.", "Gli abitanti della riva orientale dovranno prendere il traghetto, che passa ogni mezz'ora fino a mezzanotte e non porta camion."},
    {"ja", "委員会は水曜日、技術者が二つの橋脚にひびを見つけたため、橋を春まで閉鎖すると発表した。住民には不満の声もある。", "東岸の住民は真夜中まで三十分ごとに運航する渡し船を使うことになるが、トラックは乗せられないという。"},
    {"ko", "위원회는 기술자들이 교각 두 곳에서 균열을 발견함에 따라 다리를 봄까지 폐쇄한다고 수요일 밝혔다.", "동쪽 주민들은 자정까지 삼십 분마다 운항하는 나룻배를 이용해야 하며 화물차는 실을 수 없다고 위원회는 설명했다."},
    {"nl", "De brug blijft tot het voorjaar dicht, zei het comité woensdag, nadat ingenieurs scheuren in twee pijlers hadden gevonden.", "Bewoners van de oostelijke oever moeten de veerpont nemen, die tot middernacht elk halfuur vaart en geen vrachtwagens meeneemt."},
    {"pl", "Most pozostanie zamknięty do wiosny, poinformował w środę komitet, po tym jak inżynierowie znaleźli pęknięcia w dwóch filarach.", "Mieszkańcy wschodniego brzegu będą musieli korzystać z promu, który kursuje co pół godziny do północy i nie zabiera ciężarówek."},
    {"pt", "A ponte ficará fechada até à primavera, disse o comité na quarta-feira, depois de os engenheiros encontrarem fendas em dois pilares.", "Os moradores da margem oriental terão de usar o barco, que passa a cada meia hora até à meia-noite e não leva camiões."},
    {"ro", "Podul va rămâne închis până la primăvară, a anunțat miercuri comitetul, după ce inginerii au găsit fisuri în doi piloni.", "Locuitorii de pe malul estic vor trebui să ia bacul, care circulă la fiecare jumătate de oră până la miezul nopții."},
    {"ru", "Мост останется закрытым до весны, сообщил в среду комитет, после того как инженеры нашли трещины в двух опорах.", "Жителям восточного берега придётся пользоваться паромом, который ходит каждые полчаса до полуночи и не берёт грузовики."},
    {"sv", "Bron förblir stängd till våren, meddelade kommittén på onsdagen, sedan ingenjörer hittat sprickor i två av pelarna.", "De boende på östra stranden får ta färjan, som går varje halvtimme fram till midnatt och inte tar några lastbilar."},
    {"tr", "Komite, mühendislerin iki ayakta çatlak bulmasının ardından köprünün bahara kadar kapalı kalacağını çarşamba günü açıkladı.", "Doğu yakasında oturanlar gece yarısına kadar yarım saatte bir kalkan ve kamyon almayan feribotu kullanmak zorunda kalacak."},
    {"uk", "Міст залишиться закритим до весни, повідомив у середу комітет, після того як інженери знайшли тріщини у двох опорах.", "Мешканцям східного берега доведеться користуватися поромом, який ходить щопівгодини до опівночі й не бере вантажівок."},
    {"vi", "Ủy ban cho biết hôm thứ Tư rằng cây cầu sẽ đóng cửa đến mùa xuân sau khi kỹ sư tìm thấy vết nứt ở hai trụ.", "Người dân bờ đông sẽ phải đi phà, chạy mỗi nửa giờ cho đến nửa đêm và không chở xe tải."},
    {"zh", "委员会周三表示，由于工程师在两个桥墩上发现裂缝，大桥将继续关闭至明年春天，期间所有车辆必须绕行。", "东岸居民须乘坐渡轮过河，渡轮每半小时一班，一直运行到午夜，但不载运货车，居民对此表示理解。"},
    {"zt", "委員會週三表示，由於工程師在兩個橋墩上發現裂縫，大橋將繼續關閉至明年春天，期間所有車輛必須繞行。", "東岸居民須搭乘渡輪過河，渡輪每半小時一班，一直行駛到午夜，但不載運貨車，居民對此表示理解。"},
};

/* What a text opens with; two line ends: a line of its own before. */
static const struct opening {
    const char *language, *text, *dateline, *place, *credit;
} openings[] = {
    {"en", "LONDON (AP) — ", "LONDON (AP)", "LONDON", "AP"},
    {"en", "SYDNEY, Oct. 26 (Xinhua) -- ", "SYDNEY, Oct. 26 (Xinhua)", "SYDNEY", "Xinhua"},
    {"en", "New Delhi, Oct 26 (PTI) ", "New Delhi, Oct 26 (PTI)", "New Delhi", "PTI"},
    {"en", "KUALA LUMPUR, Oct 26 (Bernama) -- ", "KUALA LUMPUR, Oct 26 (Bernama)", "KUALA LUMPUR", "Bernama"},
    {"en", "(Reuters) - ", "(Reuters)", "", "Reuters"},
    {"en", "Washington, D.C. (UPI) -- ", "Washington, D.C. (UPI)", "Washington", "UPI"},
    {"en", "SAN FRANCISCO--(BUSINESS WIRE)--", "SAN FRANCISCO--(BUSINESS WIRE)", "SAN FRANCISCO", "Business Wire"},
    {"en", "SEOUL, Oct. 26 (Yonhap) -- ", "SEOUL, Oct. 26 (Yonhap)", "SEOUL", "Yonhap"},
    {"en", "MOSCOW, October 26. /TASS/. ", "MOSCOW, October 26. /TASS/.", "MOSCOW", "TASS"},
    {"en", "KYIV. Oct 26 (Interfax-Ukraine) – ", "KYIV. Oct 26 (Interfax-Ukraine)", "KYIV", "Interfax-Ukraine"},
    {"en", "TEHRAN (IRNA) – ", "TEHRAN (IRNA)", "TEHRAN", "IRNA"},
    {"en", "BREAKING - ", "", "", ""},
    {"en", "UPDATE — ", "", "", ""},
    {"en", "Reuters reported that ", "", "", ""},
    {"en", "According to Xinhua, ", "", "", ""},
    {"en", "Q: ", "", "", ""},
    {"en", "The Associated Press (AP) has learned that ", "", "", ""},
    {"en", "1. LOCATION – ", "", "", ""},
    {"en", "Staff Reporter\n\nNAIROBI, Kenya (AP) — ", "NAIROBI, Kenya (AP)", "NAIROBI", "AP"},
    {"en", "OTTAWA — ", "OTTAWA", "OTTAWA", ""},
    {"en", "Oct 26 (Reuters) - ", "Oct 26 (Reuters)", "", "Reuters"},
    {"de", "Hannover (dpa/lni) - ", "Hannover (dpa/lni)", "Hannover", "dpa"},
    {"de", "Den Haag (AFP) ", "Den Haag (AFP)", "Den Haag", "AFP"},
    {"de", "Bern (sda) - ", "Bern (sda)", "Bern", "Keystone-SDA"},
    {"de", "EILMELDUNG – ", "", "", ""},
    {"de", "Der Verein (gegründet 1902) – ", "", "", ""},
    {"de", "Von Karla Brandt\n\nLeipzig (dpa/sn) - ", "Leipzig (dpa/sn)", "Leipzig", "dpa"},
    {"de", "Bad Homburg v. d. Höhe (dpa/lhe) - ", "Bad Homburg v. d. Höhe (dpa/lhe)", "Bad Homburg v. d. Höhe", "dpa"},
    {"fr", "PARIS, 26 oct. 2022 (AFP) - ", "PARIS, 26 oct. 2022 (AFP)", "PARIS", "AFP"},
    {"fr", "Bruxelles (Belga) – ", "Bruxelles (Belga)", "Bruxelles", "Belga"},
    {"fr", "(Belga) ", "(Belga)", "", "Belga"},
    {"es", "Madrid, 26 oct (EFE).- ", "Madrid, 26 oct (EFE).", "Madrid", "EFE"},
    {"es", "BUENOS AIRES (AP) — ", "BUENOS AIRES (AP)", "BUENOS AIRES", "AP"},
    {"es", "EFE.- ", "EFE.", "", "EFE"},
    {"it", "Roma, 26 ott. (askanews) - ", "Roma, 26 ott. (askanews)", "Roma", "askanews"},
    {"it", "Milano, 26 ott. (Adnkronos) - ", "Milano, 26 ott. (Adnkronos)", "Milano", "Adnkronos"},
    {"it", "AGI - ", "AGI", "", "AGI"},
    {"pt", "Lisboa, 26 out 2022 (Lusa) – ", "Lisboa, 26 out 2022 (Lusa)", "Lisboa", "Lusa"},
    {"pt", "SÃO PAULO, SP (FOLHAPRESS) - ", "SÃO PAULO, SP (FOLHAPRESS)", "SÃO PAULO", "Folhapress"},
    {"nl", "AMSTERDAM (ANP) - ", "AMSTERDAM (ANP)", "AMSTERDAM", "ANP"},
    {"pl", "Warszawa, 26.10.2022 (ISBnews) - ", "Warszawa, 26.10.2022 (ISBnews)", "Warszawa", "ISBnews"},
    {"cs", "BRATISLAVA 26. októbra (TASR) - ", "BRATISLAVA 26. októbra (TASR)", "BRATISLAVA", "TASR"},
    {"cs", "Bratislava 26. októbra (SITA) – ", "Bratislava 26. októbra (SITA)", "Bratislava", "SITA"},
    {"hu", "BUDAPEST (MTI) – ", "BUDAPEST (MTI)", "BUDAPEST", "MTI"},
    {"ru", "МОСКВА, 26 октября. /ТАСС/. ", "МОСКВА, 26 октября. /ТАСС/.", "МОСКВА", "TASS"},
    {"ru", "МИНСК, 26 окт — Sputnik. ", "МИНСК, 26 окт — Sputnik.", "МИНСК", "Sputnik"},
    {"uk", "КИЇВ. 26 жовтня. УНІАН. ", "КИЇВ. 26 жовтня. УНІАН.", "КИЇВ", "UNIAN"},
    {"ar", "أبوظبي في 26 أكتوبر / وام / ", "أبوظبي في 26 أكتوبر / وام /", "أبوظبي في", "WAM"},
    {"zh", "（新华社北京10月26日电）", "（新华社北京10月26日电）", "北京", "Xinhua"},
    {"zh", "中新网10月26日电 ", "中新网10月26日电", "", "CNS"},
    {"zh", "据新华社北京10月26日电 ", "据新华社北京10月26日电", "北京", "Xinhua"},
    {"zh", "本报讯（记者 王明）", "本报讯（记者 王明）", "", ""},
    {"zh", "新华社报道，", "", "", ""},
    {"zt", "（中央社記者王小明布拉格26日電）", "（中央社記者王小明布拉格26日電）", "", "CNA"},
    {"zt", "【記者王小明／台北報導】", "【記者王小明／台北報導】", "", ""},
    {"zt", "（法新社柏林26日電）", "（法新社柏林26日電）", "柏林", "AFP"},
    {"ja", "【東京=山田太郎】", "【東京=山田太郎】", "東京", ""},
    {"ja", "【ロンドン共同】", "【ロンドン共同】", "ロンドン", "Kyodo"},
    {"ja", "【北京時事】", "【北京時事】", "北京", "Jiji"},
    {"ja", "【10月26日 AFP】", "【10月26日 AFP】", "", "AFP"},
    {"ja", "［東京 ２６日 ロイター］ - ", "［東京 ２６日 ロイター］", "東京", "Reuters"},
    {"ja", "【注意】", "", "", ""},
    {"ja", "ロイター通信によると、", "", "", ""},
    {"ko", "[서울=뉴시스] ", "[서울=뉴시스]", "서울", "Newsis"},
    {"ko", "(서울=뉴스1) 홍길동 기자 = ", "(서울=뉴스1) 홍길동 기자", "서울", "News1"},
    {"tr", "ANKARA (AA) - ", "ANKARA (AA)", "ANKARA", "Anadolu"},
    {"tr", "İSTANBUL, 26 Ekim (Reuters) - ", "İSTANBUL, 26 Ekim (Reuters)", "İSTANBUL", "Reuters"},
    {"id", "Jakarta (ANTARA) - ", "Jakarta (ANTARA)", "Jakarta", "Antara"},
    {"ro", "București, 26 oct /Agerpres/ - ", "București, 26 oct /Agerpres/", "București", "Agerpres"},
    /* An agency's service of a site, beside a day. */
    {"en", "MOSCOW (Tidings News / Sputnik - 29th April, 2020) ", "MOSCOW (Tidings News / Sputnik - 29th April, 2020)", "MOSCOW", "Sputnik"},
    {"en", "HARBOURTOWN (KXYZ) - ", "HARBOURTOWN (KXYZ)", "HARBOURTOWN", ""},
    {"en", "A NOTE ABOUT THE BRIDGE: ", "", "", ""},
    {"en", "NEW HARBOUR: ", "NEW HARBOUR:", "NEW HARBOUR", ""},
    {"en", "He said (Reuters) that ", "", "", ""},
    {"en", "The standfirst of it ends in a stop.\n\nLONDON (AP) - ", "LONDON (AP)", "LONDON", "AP"},
    {"en", "The standfirst of it ends in a stop.\n\nCAPE TOWN - ", "", "", ""},
    {"en", "The standfirst of it ends in a stop.\n\nBy Anna Arden\n\nCAPE TOWN - ", "", "", ""},
    {"de", "Emma Harms (dpa) und die Brücke - ", "", "", ""},
    {"en", "sita (sita) - ", "", "", ""},
};

/* Behind the prose; '+': at the end of its last paragraph; '<': as it stands, else one paragraph. */
static const struct line {
    const char *language, *text, *credit, *source_url;
} lines[] = {
    {"en", "(Reporting by Ana Silva; Editing by Tom Reed)", "Reuters", ""},
    {"en", "+ — Bernama", "Bernama", ""},
    {"en", "Source: Reuters", "Reuters", ""},
    {"en", "Photo: Reuters", "", ""},
    {"en", "With inputs from PTI", "PTI", ""},
    {"en", "AFP/xyz", "AFP", ""},
    {"en", "<p><em>This story originally appeared on <a href=\"https://www.northmoor.example/2022/10/bridge\">Northmoor</a> and is republished with permission.</em></p>", "Northmoor", "https://www.northmoor.example/2022/10/bridge"},
    {"en", "<p>This article was originally published on <a href=\"https://theconversation.com/\">The Conversation</a>. Read the <a href=\"https://theconversation.com/bridge-192\">original article</a>.</p>", "The Conversation", "https://theconversation.com/bridge-192"},
    {"en", "This article first appeared in the Ferrylane Herald.", "Ferrylane Herald", ""},
    {"de", "+ (mit Material der dpa)", "dpa", ""},
    {"de", "© dpa-infocom, dpa:221026-99-123456/3", "dpa", ""},
    {"de", "mak/sti (AFP, AP, dpa)", "AFP/AP/dpa", ""},
    {"de", "+ (red)", "", ""},
    {"de", "+ Das meldete die Nachrichtenagentur AFP.", "", ""},
    {"fr", "+ (Avec AFP)", "AFP", ""},
    {"fr", "Source : AFP", "AFP", ""},
    {"fr", "Crédit photo : AFP", "", ""},
    {"fr", "<p>Cet article a été publié initialement sur <a href=\"https://upland.example/pont-ferme\">Le Haut-Pays</a>.</p>", "Le Haut-Pays", "https://upland.example/pont-ferme"},
    {"es", "EFE", "EFE", ""},
    {"es", "+ EFE", "EFE", ""},
    {"es", "Con información de AFP", "AFP", ""},
    {"es", "Foto: EFE", "", ""},
    {"es", "<p>Publicado originalmente en <a href=\"https://upland.example/puente-cerrado\">El Altiplano</a>.</p>", "El Altiplano", "https://upland.example/puente-cerrado"},
    {"it", "RIPRODUZIONE RISERVATA © Copyright ANSA", "ANSA", ""},
    {"it", "+ (ANSA).", "ANSA", ""},
    {"it", "Foto di ANSA", "", ""},
    {"pt", "Fonte: Agência Brasil", "Agência Brasil", ""},
    {"pt", "Foto: Agência Brasil", "", ""},
    {"nl", "Bron: ANP", "ANP", ""},
    {"nl", "Foto: ANP", "", ""},
    {"pl", "+ (PAP)", "PAP", ""},
    {"pl", "Źródło: Reuters, PAP", "Reuters/PAP", ""},
    {"cs", "ČTK", "ČTK", ""},
    {"hu", "Forrás: MTI", "MTI", ""},
    {"hu", "+ (MTI)", "MTI", ""},
    {"ru", "Источник: Интерфакс", "Interfax", ""},
    {"ru", "Фото: РИА Новости", "", ""},
    {"ar", "المصدر: وكالة الأناضول", "Anadolu", ""},
    {"ar", "+ (د ب أ)", "dpa", ""},
    {"zh", "来源：新华网", "Xinhua", ""},
    {"zh", "本文来源：高地日报", "高地日报", ""},
    {"zh", "责任编辑：王明", "", ""},
    {"zh", "（新华社）", "Xinhua", ""},
    {"zh", "<p>本文原载于<a href=\"https://upland.example/a/1024.html\">高地周刊</a>。</p>", "高地周刊", "https://upland.example/a/1024.html"},
    {"zt", "資料來源：中央社", "CNA", ""},
    {"ja", "(c)AFP", "AFP", ""},
    {"ja", "写真：ロイター", "", ""},
    {"ja", "<p>初出：<a href=\"https://upland.example/bridge/12\">高地新聞</a></p>", "高地新聞", "https://upland.example/bridge/12"},
    {"ko", "출처: 연합뉴스", "Yonhap", ""},
    {"ko", "<저작권자(c) 연합뉴스, 무단 전재-재배포 금지>", "Yonhap", ""},
    {"tr", "Fotoğraf: AA", "", ""},
    {"sv", "+ (TT)", "TT", ""},
    {"sv", "Foto: TT", "", ""},
    {"ro", "Sursa: Agerpres", "Agerpres", ""},
    {"el", "Πηγή: ΑΠΕ-ΜΠΕ", "ANA-MPA", ""},
    {"en", "Sources: Harbour Office, Bridge Board", "", ""},
    {"en", "Sources: Reuters, AP", "", ""},
    {"en", "<p>© AFP</p><p>The ferry was built in the year of the flood, and has been repaired twice since, the committee said.</p>", "", ""},
    {"en", "Source: Harbour Gazette", "Harbour Gazette", ""},
    {"en", "Source: Shutterstock", "", ""},
    {"en", "Source: Upland Union (UU)", "Upland Union", ""},
    {"en", "Source: Upland Letters, vol. 3", "", ""},
    {"en", "Source: https://upland.example/bridge", "", ""},
    {"en", "<p>9 October, 11:12<br>Source: Harbour Gazette</p>", "Harbour Gazette", ""},
    {"de", "Quelle: Foto Arne Harms", "", ""},
    {"de", "Foto: Arne Harms (dpa)", "", ""},
    {"de", "Zur Reihe: © KCNA/dpa", "", ""},
    {"de", "Von Arne Harms (dpa)", "dpa", ""},
    {"en", "Source: The Ledger", "", ""},
    {"de", "+ (ap)", "", ""},
    {"de", "+ (AP)", "AP", ""},
    {"en", "<figure><img src=/b.jpg><figcaption>© AFP</figcaption></figure>", "", ""},
    {"en", "<p>First published by <a href='https://www.ledger.example/old'>the other desk</a>.</p>", "", ""},
    {"en", "<p>First published by <a href='https://t.co/x1'>Upland Post</a>.</p>", "Upland Post", ""},
    {"en", "<p>First published by <a href='javascript:alert(1)'>Upland Post</a>.</p>", "Upland Post", ""},
    {"en", "<p>The post Bridge closes appeared first on <a href='https://upland.example/'>Upland Post</a>.</p>", "Upland Post", ""},
    {"en", "<p>The last of four talks was first published in German translation.</p>", "", ""},
};

/* Between headline and prose. */
static const struct byline {
    const char *language, *text, *credit;
} bylines[] = {
    {"en", "By Reuters Staff", "Reuters"},
    {"en", "By Tom Reed", ""},
    {"de", "Von dpa", "dpa"},
    {"fr", "Par AFP", "AFP"},
    {"es", "Por EFE", "EFE"},
    {"it", "di Redazione ANSA", "ANSA"},
    {"pt", "Por Agência Lusa", "Lusa"},
    {"zh", "来源：新华网", "Xinhua"},
    {"en", "By Anna Arden (AA)", ""},
    {"en", "By Anna Arden, AA", ""},
    {"en", "By Anna Arden, AP", "AP"},
    {"en", "By Anna Arden (Reuters)", "Reuters"},
    {"en", "AFP/The Tidings", "AFP"},
};

/* In <head>. */
static const struct head {
    const char *language, *text, *credit, *source_url;
} heads[] = {
    {"en", "<meta name=\"author\" content=\"Reuters\">", "Reuters", ""},
    {"en", "<meta name=\"original-source\" content=\"https://upland.example/news/bridge-closed\">", "", "https://upland.example/news/bridge-closed"},
    {"en", "<link rel=\"canonical\" href=\"https://upland.example/news/bridge-closed\">", "", "https://upland.example/news/bridge-closed"},
    {"en", "<script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"headline\":\"x\",\"sourceOrganization\":{\"@type\":\"Organization\",\"name\":\"Xinhua\"},\"isBasedOn\":\"https://upland.example/a/b\"}</script>", "Xinhua", "https://upland.example/a/b"},
    {"en", "<meta name=\"source\" content=\"The Ledger\">", "", ""},
    {"en", "<link rel=canonical href='https://www.reuters.com/world/bridge-closed'>", "Reuters", "https://www.reuters.com/world/bridge-closed"},
    {"en", "<link rel=canonical href='https://ledger.example.org/bridge-closed'>", "", ""},
    {"en", "<link rel=canonical href='https://news.google.com/articles/x'>", "", ""},
    {"en", "<link rel=canonical href='ftp://upland.example/bridge'>", "", ""},
    {"en", "<meta name=source content='Upland Post'>", "Upland Post", ""},
    {"en", "<meta name=source content=mobile>", "", ""},
};

/* clang-format on */

static const struct prose *prose_of(const char *language)
{
    for (size_t i = 0; i < WW_COUNT(prose); i++)
        if (strcmp(prose[i].language, language) == 0)
            return &prose[i];
    fail_msg("no prose in '%s'", language);
    return NULL;
}

static void expect(const char *name, const char *what, struct slice got, const char *want)
{
    if (!slice_equal(got, slice_from(want)))
        fail_msg("%s: %s '%.*s', not '%s'", name, what, SLICE_ARG(got), want);
}

static void test_datelines(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(openings); i++) {
        const struct opening *o = &openings[i];
        const struct prose *p = prose_of(o->language);
        struct arena arena;
        struct dateline d;
        struct slice text;
        bool is_found;

        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        text = arena_printf(&arena, "%s%s\n\n%s", o->text, p->first, p->second);
        is_found = dateline_find(text, false, &arena, &d);
        expect(o->text, "dateline", d.words, o->dateline);
        expect(o->text, "place", dateline_place(d.words, &arena), o->place);
        expect(o->text, "credit", agency_print(&d.agencies, &arena), o->credit);
        assert_int_equal(is_found, o->dateline[0] != '\0');
        /* It is a part of the text. */
        if (is_found)
            assert_true(d.words.ptr >= text.ptr && d.words.ptr + d.words.len < text.ptr + text.len);
        arena_release(&arena);
    }
}

struct parts {
    const char *language, *head, *before, *end, *after, *url;
};

static void extract(const struct parts *parts, struct arena *arena, struct article *out)
{
    static const char url[] = "https://www.ledger.example/2022/bridge";
    const struct prose *p = prose_of(parts->language);
    const struct article_hints hints = {.url = slice_from(parts->url != NULL ? parts->url : url),
                                        .now = 1763769600};
    struct ww_error err = {0};
    const struct slice html = arena_printf(
        arena,
        "<html><head><meta charset=utf-8><title>Bridge stays closed</title><meta "
        "property='og:site_name' content='The Ledger'>%s</head><body><article><h1>Bridge stays "
        "closed</h1>%s<p>%s</p><p>%s%s</p>%s</article></body></html>",
        parts->head, parts->before, p->first, p->second, parts->end, parts->after);

    if (article_extract(html, &hints, arena, out, &err) != WW_OK)
        fail_msg("%s: %s", parts->after, err.message);
}

static void test_lines(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(lines); i++) {
        const struct line *l = &lines[i];
        struct parts parts = {l->language, "", "", "", "", NULL};
        struct arena arena;
        struct article a;

        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        if (l->text[0] == '+')
            parts.end = l->text + 1;
        else if (l->text[0] == '<')
            parts.after = l->text;
        else
            parts.after = arena_printf(&arena, "<p>%s</p>", l->text).ptr;
        extract(&parts, &arena, &a);
        expect(l->text, "credit", a.credit, l->credit);
        expect(l->text, "source", a.source_url, l->source_url);
        assert_int_equal(a.credit_source != ARTICLE_CREDIT_NONE, a.credit.len > 0);
        arena_release(&arena);
    }
}

static void test_bylines(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(bylines); i++) {
        struct parts parts = {bylines[i].language, "", "", "", "", NULL};
        struct arena arena;
        struct article a;

        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        parts.before = arena_printf(&arena, "<p class=byline>%s</p>", bylines[i].text).ptr;
        extract(&parts, &arena, &a);
        expect(bylines[i].text, "credit", a.credit, bylines[i].credit);
        arena_release(&arena);
    }
}

static void test_heads(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(heads); i++) {
        const struct parts parts = {heads[i].language, heads[i].text, "", "", "", NULL};
        struct arena arena;
        struct article a;

        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        extract(&parts, &arena, &a);
        expect(heads[i].text, "credit", a.credit, heads[i].credit);
        expect(heads[i].text, "source", a.source_url, heads[i].source_url);
        expect(heads[i].text, "canonical", a.canonical, "");
        arena_release(&arena);
    }
}

#define AFP_META "<meta name=author content=AFP>"
#define SOURCE_META "<meta name=source content='Upland Post'>"
#define KYIV                                                                                  \
    "<p>KYIV, Oct 26 (Reuters) - The bridge over the river stays closed, a committee of the " \
    "town said.</p>"

/* The surest witness counts, and is named. */
static void test_witnesses(void **state)
{
    static const struct {
        struct parts parts;
        const char *credit;
        enum article_credit_source source;
    } cases[] = {
        {{"de", AFP_META, "", " (dpa)", "", NULL},                                        "AFP",         ARTICLE_CREDIT_BYLINE  },
        {{"de", SOURCE_META, "", " (dpa)", "", NULL},                                     "dpa",         ARTICLE_CREDIT_LINE    },
        {{"de", SOURCE_META, "", "", "<p>Zuerst erschienen bei Harms Kurier.</p>", NULL},
         "Harms Kurier",                                                                                 ARTICLE_CREDIT_FIRST   },
        {{"de", SOURCE_META, "", "", "", NULL},                                           "Upland Post", ARTICLE_CREDIT_DATA    },
        {{"en", "<link rel=canonical href=https://apnews.com/a/b>", "", "", "", NULL},
         "AP",                                                                                           ARTICLE_CREDIT_LINK    },
        {{"en", AFP_META, KYIV, "", "", NULL},                                            "Reuters",     ARTICLE_CREDIT_DATELINE},
 /* What an agency prints on its own site is its own. */
        {{"en", "<meta name=author content=Reuters>", KYIV, " (Reuters)", "",
          "https://www.reuters.com/world/bridge"},
         "",                                                                                             ARTICLE_CREDIT_NONE    },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct article a;

        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        extract(&cases[i].parts, &arena, &a);
        expect(cases[i].parts.head, "credit", a.credit, cases[i].credit);
        assert_int_equal(a.credit_source, cases[i].source);
        arena_release(&arena);
    }
}

/* A place before a dash is a dateline once something else names an agency. */
static void test_wire(void **state)
{
    static const char text[] = "Londres - Le pont restera fermé jusqu'au printemps, a annoncé le "
                               "comité mercredi, et les riverains prendront le bac.";
    struct arena arena;
    struct dateline d;

    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    assert_false(dateline_find(slice_from(text), false, &arena, &d));
    assert_true(dateline_find(slice_from(text), true, &arena, &d));
    expect(text, "dateline", d.words, "Londres");
    arena_release(&arena);
}

/* An interview has a name in capitals before each line. */
static void test_interview(void **state)
{
    static const char text[] =
        "ARDEN: The bridge stays closed until spring, and nobody has told those who need it every "
        "day of the year.\n\n"
        "HARMS: They were told on Wednesday, by the committee, and the ferry is running.";
    const struct slice both = slice_from(text);
    struct arena arena;
    struct dateline d;

    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    assert_false(dateline_find(both, false, &arena, &d));
    assert_true(dateline_find(slice_head(both, slice_find_char(both, '\n')), false, &arena, &d));
    arena_release(&arena);
}

/* An opening without end, of every sign that one may have, is looked at for no longer. */
static void test_hostile(void **state)
{
    static const char *const pieces[] = {"A",
                                         "A ",
                                         "(",
                                         "（",
                                         "(AP",
                                         "AP/",
                                         "- ",
                                         "KYIV, ",
                                         "電",
                                         "【",
                                         "© ",
                                         "\xE2\x80\xAE",
                                         "\x01",
                                         "دبي - ",
                                         "(AP) ",
                                         "【東京=",
                                         "据新华社",
                                         "Source: ",
                                         "first published by "};
    const size_t size = (size_t)1 << 20;

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(pieces); i++) {
        const size_t n = strlen(pieces[i]);
        const struct article_hints hints = {.url = SLICE("https://www.ledger.example/bridge"),
                                            .content_type = SLICE("text/plain; charset=utf-8")};
        struct arena arena;
        struct article a;
        char *text;
        size_t len = 0;

        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        text = arena_alloc(&arena, size);
        assert_non_null(text);
        for (; len + n <= size; len += n)
            memcpy(text + len, pieces[i], n);
        if (article_extract(slice_of(text, len), &hints, &arena, &a, NULL) == WW_OK) {
            assert_true(a.dateline.len <= DATELINE_MAX_BYTES);
            assert_true(text_is_utf8(a.dateline) && text_is_utf8(a.credit));
        }
        arena_release(&arena);
    }
}

static void expect_order(const char *before, const char *behind)
{
    if (strcmp(before, behind) >= 0)
        fail_msg("'%s' stands before '%s'", before, behind);
}

/* The tables are looked up by halves; each key is what its name makes. */
static void test_tables(void **state)
{
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    for (size_t i = 0; i < WW_COUNT(spellings); i++) {
        const struct slice key = slice_from(spellings[i].key);

        if (key.len == 0 || !slice_equal(key, text_skeleton(key, &arena)))
            fail_msg("'%s' is no key", spellings[i].key);
        if (i > 0)
            expect_order(spellings[i - 1].key, spellings[i].key);
        if (spellings[i].name != NULL && spellings[i].printed == PRINTED_ANY &&
            agency_find(key, AGENCY_BARE, &arena) == NULL)
            fail_msg("'%s': there is no '%s'", spellings[i].key, spellings[i].name);
    }
    for (size_t i = 1; i < WW_COUNT(agencies); i++)
        expect_order(agencies[i - 1].name, agencies[i].name);
    for (size_t i = 1; i < WW_COUNT(source_labels); i++)
        expect_order(source_labels[i - 1], source_labels[i]);
    for (size_t i = 1; i < WW_COUNT(first_published); i++)
        expect_order(first_published[i - 1], first_published[i]);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_datelines), cmocka_unit_test(test_lines),
        cmocka_unit_test(test_bylines),   cmocka_unit_test(test_heads),
        cmocka_unit_test(test_witnesses), cmocka_unit_test(test_wire),
        cmocka_unit_test(test_interview), cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_tables),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
