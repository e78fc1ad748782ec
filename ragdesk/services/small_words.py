"""The small words a language is full of, in lower case: by them it is told, and search passes them over.

Written down by us; a word may stand in several languages.
"""

from __future__ import annotations

SMALL_WORDS = {
    "en": """
        the of and to in is that it was for on are with as his they be at from this have or by
        not but what all were we when your can there use an each which she how their if will
        other about out many then them these so some her would make like him into time has look
        more go did no who does where why much any may my our than between under over after
        before during such must should could shall only both been being do whether upon i me us
        you'll don't isn't it's
    """,
    "de": """
        der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch es
        an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen
        so zum war haben nur oder aber vor zur bis mehr durch man sein wurde wenn kann wer was
        wo wann warum welche welcher welches wieviel viele ich wir ihr wurden diese dieser
    """,
    "nl": """
        de het een en van in is dat op te zijn met voor niet aan er om ook als dan bij maar uit
        door over naar hij ze wordt werd nog tot heeft deze dit die geen kan meer wat wie waar
        wanneer waarom hoe welke veel hun worden was of je ik wij u moet zal onder tegen na
        tussen
    """,
    "fr": """
        le la les de des du et un une est dans en que qui il elle pour sur pas au aux par plus
        ne ce se avec son sa ses sont ont été cette mais ou comme nous vous leur leurs ils elles
        quel quelle quels quelles où quand comment pourquoi combien être avoir fait peut entre
        sans sous était aussi dont y d'un d'une c'est l'on si tout tous
    """,
    "es": """
        el la los las de del y en un una que es por con para no se su al lo como más pero sus le
        ya o este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien
        desde todo nos durante qué cuál cuáles quién quiénes cómo cuándo dónde cuánto cuántos
        cuántas fue son ser ha era han está estos fueron tiene
    """,
    "pt": """
        o a os as de do da dos das e em no na nos nas um uma que é por com para não se seu sua
        ao mais como mas foi ele ela ou quando muito já também só pelo pela até isso entre
        depois sem mesmo aos seus quem qual quais onde quanto quantos são está ser tem foram era
        à pelos às você porque eles esta este
    """,
    "it": """
        il lo la i gli le di del della dei delle e è un una in che per con non si da nel nella
        sono al alla più come anche ma ha suo sua ai alle dal dalla o se questo questa cui chi
        cosa quando dove perché quanto quanti quale quali essere stato era fu hanno tra fra sul
        sulla degli nei loro ne ci viene
    """,
    "ca": """
        el la els les de del dels i en un una que és per amb no es al als com més però són seu
        seva o si aquest aquesta què qui quan on quin quina quins quines va ser ha han també
        entre fins des sobre hi ho perquè molt pel pels a l'any quants estat
    """,
    "ro": """
        și în de la cu nu este pe a al ale un o că din pentru mai care se sunt ce ca lui sau
        prin dar fi au fost ai după până între fără sub cum unde când cine cât câte cel cea cei
        sale său într-o într-un această acest fiind avea era ei el
    """,
    "pl": """
        i w na z do nie się to że jest o jak po co dla od za ale czy przez tego tym są był była
        było oraz być może który która które ich jego jej tylko jako przy pod ma lub kiedy gdzie
        kto dlaczego ile jaki jaka jakie ze we tak już też zostać nad ten ta te
    """,
    "cs": """
        a v na se je z do že o to s ve jako za by i k pro ale po od jeho který která které jsou
        byl byla bylo jsem nebo při ze tak si když kde kdo kdy proč kolik jaký jaká jaké podle
        než však také může mezi být až jen není mít pod před tato tento
    """,
    "sk": """
        a v na sa je z do že o to s vo ako za by aj k pre ale po od jeho ktorý ktorá ktoré sú
        bol bola bolo som alebo pri zo tak si keď kde kto kedy prečo koľko aký aká aké podľa než
        však tiež môže medzi byť až len nie má pod pred táto tento
    """,
    "sl": """
        in je v na se za da z so ki pa s ne tudi po pri iz do od kot bi ali ter ni bil bila bilo
        kaj kdo kje kdaj zakaj koliko kateri katera katere med pred ko lahko če še že o zaradi
        tem ta to bo
    """,
    "hr": """
        i u je na se da za od s su o a ne koji koja koje kao što iz do po bio bila bilo ili ali
        te nije biti sa će to tko gdje kada zašto koliko kako već može prema između samo nakon
        pri zbog ovaj ova ovo njegov bi također
    """,
    "sv": """
        och att det i en som är av för på med den till inte om har de ett var från vid eller kan
        men så ska han hon sig där när hur vad vem varför vilken vilka många under efter även
        skulle blev hade sin sina detta denna mot mellan genom alla
    """,
    "da": """
        og i at det er en til på som de med for der den af ikke har et var fra kan om eller men
        sig ved han hun så blev når hvor hvad hvem hvorfor hvordan hvilken mange under efter
        også ville havde sin dette denne mod mellem gennem alle skal være bliver nogle noget
        meget kun hvis jeg dig ud op blevet vil bruge
    """,
    "no": """
        og i å det er en til på som de med for av ikke har et var fra kan om eller men seg ved
        han hun så ble når hvor hva hvem hvorfor hvordan hvilken mange under etter også ville
        hadde sin dette denne mot mellom gjennom alle skal være blir ei noen noe mye bare hvis
        jeg deg ut opp blitt vil bruke frå ikkje eit vere
    """,
    "fi": """
        ja on ei se että oli hän joka mutta ovat myös kun tai sen sekä niin kuin hänen jotka
        mitä kuka missä milloin miksi kuinka montako mikä olla vain voi ole olivat siitä jonka
        jossa mukaan vuonna sitä tämä nämä ne jos noin jälkeen kanssa
    """,
    "hu": """
        a az és hogy nem is egy volt meg van csak de ez már mint vagy ki mi hol mikor miért hány
        milyen melyik ha akkor még el fel által után között alatt szerint amely amelyek aki azt
        ezt sem lehet több minden kell voltak nagyon lesz pedig
    """,
    "et": """
        ja on ei et see oli ta kui mis kes ka oma või aga siis seda selle ning nii kus millal
        miks palju mitu milline olid pole mille pärast kuni juures ainult võib nende tema meie
    """,
    "lv": """
        un ir no uz par ar ka kas tas tika bija pēc līdz kā arī vai bet to tā savu viņš viņa kur
        kad kāpēc cik kurš kura tiek var nav šī šis pie starp gadā tikai
    """,
    "lt": """
        ir yra iš į kad su kaip tai buvo nuo už bet arba jo jos ar per po prie kas kur kada
        kodėl kiek kuris kuri kurie bei dėl iki nėra gali tik taip pat savo metais tarp
    """,
    "tr": """
        ve bir bu da de için ile olarak olan daha çok en ne kadar gibi ama var sonra değil ise
        veya kim nerede zaman neden nasıl hangi kaç her o ki mi mı tarafından yıl ancak oldu
        olduğu iki üzerinde göre kendi
    """,
    "id": """
        yang dan di dari untuk dengan pada ini itu adalah dalam tidak akan ke oleh juga sebagai
        atau dapat telah karena ada lebih bisa mereka saat siapa apa kapan mana mengapa
        bagaimana berapa kami anda saya antara setelah tersebut secara harus
    """,
    "vi": """
        và của là có được cho trong một không các những người này với đã để về từ khi ở đến như
        ra vào năm cũng tại hay nhưng theo nhiều nào gì ai đâu bao thế sẽ phải trên lại bị do
    """,
    "sw": """
        na ya wa ni kwa katika la za cha kuwa hii au pia kama lakini hiyo yake wake baada kila
        zaidi huu watu nini nani wapi lini kwani ambayo ambao alikuwa
    """,
    "tl": """
        ang ng sa mga na ay at si ni para kung hindi ito may isang niya sila ako ka kanyang ano
        sino saan kailan bakit paano ilan mula dahil upang ngunit
    """,
    "af": """
        die en van is in 'n het nie wat vir met dat op te om sy was ook as aan deur hy kan sal
        word hulle ons jy waar wanneer hoekom hoe baie maar of uit tot
    """,
    "ru": """
        и в не на что с по как это из у к за от так о но для же или он она они был была было
        были его её их то бы все при до во со который которая которые также только может где
        когда кто почему сколько какой какая какие чем под после между если есть
    """,
    "uk": """
        і в не на що з та у до як за від це про для його або але був була було були він вона
        вони її їх при так також який яка які де коли хто чому скільки під після між якщо є ще
        із може тільки й бути
    """,
    "bg": """
        и на в не се от за да е с по че са като до при или но през след беше който която които
        къде кога кой защо колко какво как между му им ще само също може ли този тази това
    """,
    "sr": """
        и у је на се да за од су са о а не који која које као што из до по био била било или али
        није бити ће то ко где када зашто колико како већ може према између само након
    """,
    "mk": """
        и на во не се од за да е со по дека како до при или но низ после беше кој која кои каде
        кога зошто колку што меѓу му им ќе само исто може овој оваа ова
    """,
    "ar": """
        في من على إلى أن عن مع هذا هذه التي الذي كان كانت لا ما هو هي لم قد بعد بين كل أو ثم حيث
        خلال عند غير كما لكن ذلك تلك أي متى أين كيف لماذا كم ماذا منذ حتى وقد إن فيها به له
    """,
    "fa": """
        و در به از که این را با است برای آن یک خود تا شد بر های می ها شده هم یا اما باید بود
        دارد او کرد چه کجا چرا چگونه چند کدام کسی نیز پس هر بین شود
    """,
    "ur": """
        کے میں کی ہے اور کا سے کو پر نے کہ یہ اس ہیں تھا ایک بھی نہیں تو وہ جو گیا تھی کیا کون
        کہاں کب کیوں کیسے کتنے ہو لیے ساتھ
    """,
    "hi": """
        के में की है और का से को पर ने कि यह इस हैं था एक भी नहीं तो वह जो गया थी क्या कौन कहाँ
        कब क्यों कैसे कितने हो लिए साथ द्वारा किया
    """,
    "mr": """
        आणि आहे या तो ती ते हे मध्ये व चा ची चे ला नाही होते होता होती की पण काय कोण कुठे केव्हा
        का कसे किती झाला झाली आहेत येथे एक
    """,
    "ne": """
        र मा को का छ हो यो पनि भने गरेको लाई बाट थियो छन् हुन् तथा एक के कहाँ कहिले किन कसरी कति
        नेपाल गर्न भएको
    """,
}
