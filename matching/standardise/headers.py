"""What headers of real exports call each thing, in several languages.

The first entry that fits decides, so what is about the record or its handling stands before what is about the customer,
and a closer word before a wider one. Headers are compared as lower-case words (`matching.standardise.columns`).
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["role_of_header"]

# Role; words of languages with spaces, as whole words; words of languages without, anywhere in the header.
_HEADERS: Final[tuple[tuple[str, str, str], ...]] = (
    (
        "category",
        r"^(?:record|customer|contact|account|entity|party|client)? ?(?:kind|type|schema)$",
        "^客户类型$|^类型$",
    ),
    (
        "ignore",
        r"""consent|opt(?:ed)? ?(?:in|out)|optin|unsub\w*|accepts|do ?not|confirm|verified|gdpr|processing basis
        (?:last|next|first|expected) (?:modified|activity|login|seen|contacted|changed?|updated?|follow\w*|order)
        created?|modified|modstamp|updated?|changed|login|activity|timestamp|time ?zone|time|gmtoff|dstoff
        owner|status|stage|lead|source|sources|dataset|tags?|rating|score|rank|role|locale|language|lang|currency
        latitude|longitude|lat|lng|lon|ip|leid|euid|count|number (?:of|per)|total|amount|revenue|sales|orders?|spent
        employees|price|balance|active|deleted|is \w+|campaign|pool|converted|anchor|pointer|relationship|tax exempt
        avatar|photo|image|report(?:s|ing) to|master|unnamed|extra|cluster(?: id)?|true id|truth|golden id|label
        salutation|anrede|industry|sic|branche|department|abteilung|lifecycle
        (?:passport|licen[cs]e|id|tax|ssn|phone|email|addr|address)\b.* (?:type|issuer|kind)$
        (?:passport|licen[cs]e|id|tax)\b.* (?:country|state)$
        ^(?:uuid|guid|(?:rec|record|unique|row|source|organi[sz]ation) id|id de \w+|record key|id|key|pk)$
        (?:account|parent|owner|vendor|associated \w+)(?: name| account)? ids?
        ^(?:line|row|index|x|n)$""",
        (
            "负责人|创建|修改|来源|渠道|公海|状态|时间|级别|层级|分类|分配|部门|标签|线索|阶段|活动|成交|上级|领取|归属|称谓|"
            "^行业$|^[12] ?级$"
        ),
    ),
    (
        "free_text",
        r"notes?|comments?|remarks?|description|details|bemerkung\w*|uwagi|bio|summary",
        "备注|描述|说明|详情",
    ),
    # Numbers and codes that name one thing.
    (
        "identifier",
        r"""ssn|soc sec(?: id)?|social security\w*|sin|passport|paszport|drivers? ?s? ?licen[cs]e
        licen[cs]e (?:no|number)|national id|nin|tax id|tax (?:no|number)|taxpayer|vat|ust ?id\w*|steuer\w*
        nip|pesel|regon|krs|ein|tin|lei|duns\w*|siren|siret|nif|nie|dni|cuit|cpf|cnpj|curp|rfc|gstin|pan number
        uen|abn|acn|npi|provider id|handelsregister\w*|registration (?:no|number|id)|company (?:no|number)|crn|imo
        isin|swift|bic|iban|id ?card|medicare|nhs|dowod|identity (?:no|number|card)|wechat|qq""",
        "身份证|护照|税号|信用代码|工商注册|注册号|营业执照|证件号|微信|驾照|驾驶证",
    ),
    # Reaching the customer.
    ("email", r"e ?mails?|mail|email\w*|correo|courriel|poczta", "邮箱|邮件|电邮|郵箱|メール"),
    (
        "phone",
        r"\w*phones?|telephone|tel|telefon\w*|mobile|mobil|handy|cell|fax|komorka|movil|celular|whatsapp",
        "手机|手機|电话|電話|联系方式|传真|座机|携帯",
    ),
    ("website", r"websites?|web ?site|web|homepage|url|domain|www|strona", "网址|网站|官网|主页"),
    (
        "birth_date",
        r"""birth ?dates?|dates? of birth|dob|birth ?days?|born|data ur\w*|urodzenia|geburtsdatum|geb datum|geboren
        naissance|nacimiento|geboortedatum|nascita|birth (?:year|month|day)|year of birth|yob|by|bm|bd""",
        "出生(?!地)|生日|生年月日",
    ),
    # Places.
    (
        "postcode",
        r"""post ?codes?|postal(?: code)?|zip|zip ?codes?|plz|code postal|cp|kod pocztowy|codigo postal|cap|postleitzahl
        (?:billing|mailing|shipping|other) code""",
        "邮编|邮政编码|郵編",
    ),
    ("country", r"country|countries|kraj|land|pays|pais|nation|nationality|citizenship|obywatelstwo|^cc$", "国家|国籍"),
    ("state", r"states?|province|provinz|bundesland|wojewodztwo|region|provincia|estado|county", "^省|省份|所在省"),
    (
        "district",
        r"districts?|gmina|powiat|suburb|neighbou?rhood|borough|bezirk|stadtteil|barrio|dzielnica|ward",
        "^区|区县|所在区|区域",
    ),
    (
        "city",
        r"""city|cities|town|village|municipality|locality|miasto|miejscowosc|stadt|ort|wohnort|ville|ciudad|citta
        birth ?place|place of birth|birth city|geburtsort""",
        "^市|城市|所在市|地市|出生地",
    ),
    (
        "street",
        r"""address(?! company)\w*|addr|street\w*|strasse|str|ulica|adres|adresse|anschrift|rue|direccion|calle
        indirizzo|house (?:no|number)""",
        "地址|住址|街道",
    ),
    # Words from a short list, and numbers that some system gave.
    (
        "category",
        r"""gender|sex|plec|geschlecht|sexe|sexo|occupation|profession|job ?title|title|beruf|zawod|race|ethnicity
        marital\w*""",
        "性别|性別|职业|职位|职务",
    ),
    ("own_number", r"\w+ (?:id|no|number|nr|code|key)|kundennummer|kunden nr|accountnumber", "编号|会员号|工号|卡号"),
    # Names.
    (
        "full_name",
        r"first and (?:last|sur) ?name|first and surname|imie i nazwisko|name full|full ?name|native name",
        "",
    ),
    ("middle_name", r"middle|midl|second name|imie 2|drugie imie|zweiter vorname|patronymic|otchestvo", "中间名"),
    (
        "company_name",
        r"""compan(?:y|ies)|organi[sz]ation|org|firma|firm|unternehmen|societe|empresa|business|employer|agency
        account name|site name|school|institution|merchant|vendor|supplier|corporate|corp|legal name|trade ?name
        trading name|facility|provider name|store
        dba|doing business as|firm\w*|entreprise|raison sociale|razon social""",
        "公司|企业|单位|机构|客户名称|商户|商家|厂家|店铺|店名|经销商|供应商|医院|学校",
    ),
    (
        "given_name",
        r"""first ?names?|given(?: ?names?)?|fore ?names?|fname|first|imie|vorname|prenom|nombre|nome|voornaam
        nick ?name|preferred name""",
        "^名$|^名字$",
    ),
    (
        "family_name",
        r"""last ?names?|family(?: ?names?)?|surnames?|lname|last|nazwisko|nachname|familienname|nom de famille
        apellidos?|cognome|achternaam|maiden name|name suff?i?x|suff?i?x""",
        "^姓$|^姓氏$",
    ),
    (
        "full_name",
        "names?|nom|kundenname|contact|customer|client|person|nazwa|nazwy|beneficiary|caption|alias",
        "姓名|联系人|收货人|收件人|客户$|名称|称呼|氏名|이름|성명",
    ),
    ("date", r"dates?|datum|since|until|valid", "日期"),
)


def _pattern(words: str, characters: str) -> re.Pattern[str]:
    alternatives = "|".join(line.strip() for line in words.splitlines())
    return re.compile("|".join(part for part in (rf"\b(?:{alternatives})(?!\w)", characters) if part))


_PATTERNS: Final = tuple((role, _pattern(words, characters)) for role, words, characters in _HEADERS)


def role_of_header(words: str) -> str | None:
    """The role that a header names, ``own_number`` for a number that some system gave, or nothing.

    Args:
        words: The header as `matching.standardise.columns.header_words` gives it.

    Example:
        >>> role_of_header("primary name last"), role_of_header("统一社会信用代码"), role_of_header("colour")
        ('family_name', 'identifier', None)
    """
    return next((role for role, pattern in _PATTERNS if pattern.search(words)), None)
