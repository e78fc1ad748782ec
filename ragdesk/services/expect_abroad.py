"""How other languages ask for an amount, a date, a person, and how they write them. Pure."""

from __future__ import annotations

import re

_NUMBERS = (  # one to twelve, and the round ones, as they stand in front of a unit
    "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf vierzehn fünfzehn zwanzig dreißig"
    " vierzig fünfzig sechzig neunzig hundert tausend"
    " deux trois quatre cinq six sept huit neuf dix onze douze quatorze quinze vingt trente quarante"
    " cinquante soixante cent mille"
    " dos tres cuatro cinco seis siete ocho nueve diez once doce catorce quince veinte treinta cuarenta"
    " cincuenta sesenta noventa cien mil"
    " due tre quattro cinque sei sette otto nove dieci undici dodici quindici venti trenta quaranta"
    " cinquanta sessanta cento dois duas três quatro sete oito dez doze vinte trinta"
    " twee drie vijf zes zeven negen tien twaalf veertien vijftien twintig dertig veertig vijftig"
)
# Looked at once, however long: from the first digit of a number only, to its end.
_DIGITS = r"(?<!\d)(?<!\d[.,])\d++(?:[.,\u00a0\u202f]\d++)*+"
_NUMBER = rf"(?:{_DIGITS}|\b(?:{'|'.join(_NUMBERS.split())})\b)"
_SCALE = (
    r"(?:\s?(?:tausend|millionen|milliarden|mio\.?|mrd\.?|mille|millions?|milliards?|mil|millones"
    r"|milioni|万|亿|مليون|مليار))?"
)
_UNITS = (
    r"(?:Sekunden?|Minuten?|Stunden?|Tag(?:en?)?|Werktagen?|Wochen?|Monat(?:en?)?|Jahr(?:en?)?"
    r"|secondes?|minutes?|heures?|jours?|semaines?|mois|ans?|années?"
    r"|segundos?|minutos?|horas?|d[ií]as?|semanas?|mes(?:es)?|mês|años?|anos?"
    r"|secondi|minuti|or[ae]|giorn[oi]|settiman[ae]|mesi|anni|uur|dagen|dag|weken|week|maand(?:en)?|jaar)\b"
)
_MONTHS = (
    r"(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
    r"|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre"
    r"|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
    r"|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre"
    r"|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro"
    r"|januari|februari|maart|mei|juni|juli|augustus|oktober|december)"
)
_DAYS = (
    r"(?:(?:Mon|Diens|Donners|Frei|Sams|Sonn)tags?|Mittwochs?|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|lunes|martes|miércoles|jueves|viernes|sábado|domingo|lunedì|martedì|mercoledì|giovedì|venerdì|sabato"
    r"|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)"
)
_CURRENCY = (
    r"(?:€|£|\$|¥|(?:EUR|USD|CHF|GBP|euros?|dollars?|d[óo]lares|francs?|Franken|pesos|reais)\b"
    r"|欧元|美元|元|英镑|دولار|يورو)"
)

_MONEY_SAID = re.compile(
    rf"[$€£¥]\s?(?:{_DIGITS}){_SCALE}|{_NUMBER}{_SCALE}(?:\sd['e]\s?)?\s?{_CURRENCY}",
    re.IGNORECASE,
)
_PERCENT_SAID = re.compile(
    rf"{_NUMBER}\s?(?:%|Prozent|pour\s?cents?|por\s?ciento|per\s?cento|por\s?cento|procent|٪|في المئة)"
    r"|百分之[\d.一二三四五六七八九十百]+",
    re.IGNORECASE,
)
_DURATION_SAID = re.compile(
    rf"{_NUMBER}(?:\s\w+)?\s{_UNITS}|(?:{_DIGITS}|[一二两三四五六七八九十百]+)\s?个?(?:年|月|天|日|周|小时|分钟|星期)"
    rf"|(?:{_DIGITS})\s(?:يوما?|أيام|سنة|سنوات|عاما?|شهرا?|أشهر|ساعة|ساعات|دقيقة)",
    re.IGNORECASE,
)
_DATE_SAID = re.compile(
    rf"\b\d{{1,2}}(?:\.|er|º|°)?\s(?:de\s)?{_MONTHS}(?:(?:\sde)?\s\d{{4}})?|\b{_MONTHS}\s(?:de\s)?\d{{4}}"
    r"|\d{2,4}\s?年(?:代|\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?日)?)?|\d{1,2}世纪"
    r"|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b\d{4}-\d\d-\d\d\b"
    r"|\b\d{1,2}\.\sJahrhunderts?|\b(?:siglo|secolo|século)\s[IVX]+\b|\b[IVX]+e\ssiècle\b"
    rf"|(?<![\w-])(?:1\d|20)\d\d(?:er(?:-Jahren?)?)?\b(?![-\d])|\b{_DAYS}\b|\b\d{{1,2}}[:.]\d\d\sUhr\b",
    re.IGNORECASE,
)
_NUMBER_SAID = re.compile(  # but no years
    rf"(?:{_DIGITS})\s?[-–]\s?(?:{_DIGITS})|(?!(?:1[5-9]|20)\d\d(?![\d.,]))(?<![\d.,]){_NUMBER}{_SCALE}|[一二两三四五六七八九十百千万]+(?=[个座次名种具人])",
    re.IGNORECASE,
)
# Of German names every noun has the capital, of Chinese and Arabic ones none.
_NAME_SAID = re.compile(
    r"\b[A-ZÀ-Þ][\w'’.-]+(?:\s(?:d[eu]|della?|des?|van|von|y|et|la|&)?\s?[A-ZÀ-Þ][\w'’.-]+)*"
)

SAID = {  # what fits each kind, the best first
    "money": (_MONEY_SAID,),
    "percent": (_PERCENT_SAID,),
    "duration": (_DURATION_SAID, _DATE_SAID),
    "date": (_DATE_SAID, _DURATION_SAID),
    "count": (_NUMBER_SAID,),
    "name": (_NAME_SAID,),
}

# By language, in this order: money, percent, duration, date, count, name; '' where it is not told.
_ASKED = {
    "de": (
        (r"\bwie\s?viel\b.*\b(?:kostet|kosten|zahl\w*|bezahl\w*|betr[aä]gt|verdien\w*|Euro|Geld)\b"
        r"|\bwas kostet|\bwie (?:teuer|hoch ist (?:der Preis|die Gebühr|die Miete))"
        r"|\bwelche[rn]? (?:Preis|Betrag|Gebühr|Kosten)"),
        r"\bProzent|\bwelcher Anteil|\bwie hoch ist der Anteil",
        (r"\bwie (?:lange|oft|schnell)\b|\bwie viele \w*(?:Tage|Wochen|Monate|Jahre|Stunden|Minuten)\b"
        r"|\bwelche Frist"),
        (r"\bwann\b|\b(?:in|seit|bis zu|ab) welche[mnr] (?:Jahr\w*|Monat|Tag|Datum|Zeit\w*)"
        r"|\bwelche[smn]? (?:Jahr|Datum)\b"),
        r"\bwie\s?viele?\b|\bwie (?:groß|alt|hoch|weit|tief|schwer)\b",
        "",
    ),
    "fr": (
        (r"\bcombien (?:co[uû]te|co[uû]tent|faut-il payer|paie|gagne)"
        r"|\bquel(?:le)? (?:est|était) le (?:prix|montant|coût|tarif)"),
        r"\bpourcentage|\bquelle (?:part|proportion)",
        (r"\b(?:pendant|depuis|en) combien de temps|\bcombien (?:de temps|d['’]années|de jours|de mois)"
        r"|\bquel(?:le)? (?:est )?(?:la durée|le délai)"),
        (r"\bquand\b|\b(?:en|à) quel(?:le)? (?:année|date|jour|mois|époque|siècle)"
        r"|\bquelle (?:est la )?(?:date|année)"),
        r"\bcombien\b",
        (r"\bqui (?!est-ce que)\b|\bo[uù] (?:est|se|sont)\b"
        r"|\bquel(?:le)? (?:ville|pays|personne|entreprise)"),
    ),
    "es": (
        r"\bcuánto (?:cuesta|cuestan|vale|costó|hay que pagar|se paga)|\b(?:qué|cuál es el) (?:precio|coste|importe)",
        r"\bporcentaje|\bqué (?:parte|proporción)",
        r"\bcuánto tiempo|\bcuánt[oa]s (?:días|semanas|meses|años|horas)|\bqué plazo",
        r"\bcuándo\b|\ben qué (?:año|fecha|día|mes|siglo)|\bqué año\b|\bcuál es la fecha",
        r"\bcuánt[oa]s?\b",
        r"\bquién(?:es)?\b|\bdónde\b|\b(?:qué|cuál) (?:ciudad|país|persona|empresa)",
    ),
    "it": (
        r"\bquanto (?:costa|costano|si paga)|\bqual è il prezzo", r"\bpercentuale",
        r"\bquanto tempo|\bper quant[oi]|\bquant[ie] (?:giorni|settimane|mesi|anni|ore)",
        r"\bquando\b|\bin (?:che|quale) (?:anno|data|giorno|mese)", r"\bquant[aeio]\b", r"\bchi\b|\bdove\b",
    ),
    "pt": (
        r"\bquanto (?:custa|custam|se paga)|\bqual é o preço", r"\bpercentagem|\bporcentagem",
        r"\bquanto tempo|\bquant[oa]s (?:dias|semanas|meses|anos|horas)",
        r"\bquando\b|\bem que (?:ano|data|dia|mês)", r"\bquant[oa]s?\b", r"\bquem\b|\bonde\b",
    ),
    "nl": (
        r"\b(?:hoeveel|wat) kost|\bwelke prijs", r"\bprocent|\bpercentage",
        r"\bhoe (?:lang|vaak|snel)\b|\bhoeveel (?:dagen|weken|maanden|jaar|uur)",
        r"\bwanneer\b|\bin welk(?:e)? (?:jaar|maand)", r"\bhoeveel\b", r"\bwie\b|\bwaar\b",
    ),
    "zh": (
        r"多少钱|价格|费用", r"百分比|百分之几|比例", r"多久|多长时间|多少(?:年|天|个?月|小时)",
        r"哪一?年|何时|什么时候|哪一?天|几月|几号|什么年代", r"多少|几[个座次名种]", "",
    ),
    "ar": (
        r"كم (?:سعر|ثمن|تكلفة|يكلف)", r"النسبة|نسبة", r"كم (?:من الوقت|سنة|يوم|استمر)|ما المدة",
        r"متى|في أي (?:عام|سنة|تاريخ|قرن|يوم)", r"\bكم\b", "",
    ),
}  # fmt: skip
_KINDS = ("money", "percent", "duration", "date", "count", "name")
_READ = {
    lang: [
        (kind, re.compile(asked, re.IGNORECASE))
        for kind, asked in zip(_KINDS, each, strict=True)
        if asked
    ]
    for lang, each in _ASKED.items()
}
_COUNTED = re.compile(
    r"\b(?:wie\s?viele?|combien d(?:e\s|['’])|cu[aá]nt[oa]s?|quant[aeio]s?|hoeveel)\s*(\w+)",
    re.IGNORECASE,
)


def asked_abroad(question: str, lang: str) -> tuple[str, str] | None:
    """(kind, the word for what is counted, '' where nothing is) of a question in another language.

    None where it may ask for anything, and for languages that are not known here.
    """
    for kind, asked in _READ.get(lang, ()):
        if asked.search(question):
            counted = _COUNTED.search(question)
            return kind, counted[1] if counted else ""
    return None
