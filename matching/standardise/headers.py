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
    # Whole phrases that hold a word which means something else by itself.
    (
        "full_name",
        r"""(?:first|given|fore) ?(?:name)? ?and (?:last|sur|family) ?(?:name)?|first and surname
        (?:last|family) first name
        name full|full ?name|native name|complete name|display name|nombre completo|nombre y apellidos?
        apellidos y nombres?
        nom complet|nom et prenoms?|nom prenom|prenom et nom|vor und nachname|vorname (?:und )?(?:nach)?name
        (?:nach)?name vorname|vollstandiger name|nome completo|nome e cognome|cognome e nome|nominativo|volledige naam
        imie i nazwisko|nazwisko i imie|imie nazwisko|jmeno a prijmeni|ad soyad""",
        "фио|ф и о",
    ),
    ("family_name", r"birth name|maiden(?: name)?|geburtsname|nom de naissance|nom de jeune fille|nome da nubile", ""),
    (
        "middle_name",
        r"""middle|midl|mname|m ?initial|^mi$|second (?:first |given )?name|segundo nombre|deuxieme prenom
        zweiter vorname|nome do meio|secondo nome|tweede voornaam|imie 2|drugie imie|patronymic|otchestvo""",
        "中间名|отчество",
    ),
    (
        "phone",
        r"""(?:contact|phone|mobile|tel|telephone|cell|fax|ph|mob|whatsapp) ?(?:no|nr|num|number)
        (?:nr|numer|num|numero) (?:de )?tel\w*""",
        "",
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
        salutation|anrede|industry|sic|branche|department|abteilung|lifecycle|newsletter|password|user ?name
        token|hash
        version|segment|tier|priority|file ?name|batch(?: \w+)?|(?:name|title) prefix|prefix|honorific
        (?:passport|licen[cs]e|id|tax|ssn|phone|email|addr|address)\b.* (?:type|issuer|kind)$
        (?:passport|licen[cs]e|id|tax)\b.* (?:country|state)$
        ^(?:uuid|guid|(?:rec|record|unique|row|source|organi[sz]ation|user) (?:id|number|no)|id de \w+|record key)$
        ^(?:id|key|pk)$
        (?:account|parent|owner|vendor|associated \w+)(?: name| account)? ids?
        ^(?:line|row|index|x|n)$
        (?:registration|register|sign ?up|join(?:ed|ing)?|load|insert|entry|hire|order|due|expir\w+) ?(?:date|dt|on|at)
        fecha (?:de )?(?:creacion|alta|registro|modificacion|baja)
        estado (?:de |del )?(?:cliente|cuenta|pedido)|importe|saldo
        date (?:de )?(?:creation|modification|inscription)|statut|montant|solde|civilite
        (?:erstell|anleg|anderung|registrier|eintritt)\w*|(?:erstellt|geandert|angelegt) am|betrag|umsatz
        data (?:de |di )?(?:criacao|cadastro|creazione|registrazione|modifica)|valor|stato|importo
        (?:aangemaakt|gewijzigd)(?: op)?|bedrag|aanhef|data (?:utworzenia|rejestracji|modyfikacji|dodania)
        kwota|zwrot""",
        (
            "负责人|创建|修改|来源|渠道|公海|状态|时间|级别|层级|分类|分配|部门|标签|线索|阶段|活动|"
            "成交|上级|领取|归属|称谓|"
            "更新|注册日期|金额|余额|積分|积分|作成日|更新日|登録日|ステータス|金額|敬称|생성일|등록일|"
            "상태|дата (?:создания|регистрации)|статус|сумма|"
            "^行业$|^[12] ?级$"
        ),
    ),
    (
        "free_text",
        r"""notes?|comments?|remarks?|description|details|bemerkung\w*|notiz\w*|uwagi|bio|summary|message|memo
        observac\w+
        notas?|comentarios?|commentaires?|remarques?|observacoes|osservazioni|opmerkingen|beschreibung
        anmerkung\w*""",
        "备注|描述|说明|详情|備考|説明|メモ|메모|비고|примечани|комментари",
    ),
    # Numbers and codes that name one thing.
    (
        "identifier",
        r"""ssn|soc sec(?: id)?|social security\w*|securite sociale|seguridad social|sin|passport\w*|paszport\w*
        pasaporte
        passeport|drivers? ?s? ?licen[cs]e|licen[cs]e (?:no|number)|national id|nin|national insurance\w*
        ni (?:no|number)
        tax id|tax (?:no|number)|tax ?code|taxpayer|vat|tva|iva|btw|u ?st ?id\w*|steuer\w*
        personalausweis\w*|ausweis\w*
        nip|pesel|regon|krs|ein|tin|lei|duns\w*|siren|siret|nif|nie|dni|cif|cuit|cpf|cnpj|nipc|^rg$|curp|rfc|gstin|pan
        codice fiscale|partita iva|p iva|bsn|kv ?k|aadhaar|aadhar|uen|abn|acn|npi|provider id|handelsregister\w*
        registration (?:no|number|id)|company (?:no|number)|companies house|crn|imo|mrn|personnummer|henkilotunnus|cpr
        y tunnus|org(?:anisations?)? ?(?:nr|nummer)|organisationsnummer|rodne cislo|ico|dic
        voter (?:reg\w*|id)(?: num\w*| no)?
        isin|isbn|swift|bic|iban|id ?card|medicare|nhs|dowod|identity (?:no|number|card)|wechat|qq|inn|snils""",
        (
            "身份证|护照|税号|信用代码|工商注册|注册号|营业执照|证件号|微信|驾照|驾驶证|法人番号|"
            "マイナンバー|旅券番号|주민등록|사업자등록|여권번호|"
            "инн|снилс|паспорт|огрн"
        ),
    ),
    # Reaching the customer.
    (
        "email",
        r"e ?mails?\w*|mail|email\w*|mailadres\w*|correo|courriel|poczta|posta elettronica|sahkoposti|e ?post",
        "邮箱|邮件|电邮|郵箱|メール|이메일|почта",
    ),
    (
        "phone",
        r"""\w*phones?|telephone|telefoon\w*|tel|telef[oa]n\w*|mobile|mobil|mobiel|movil|handy\w*|mobilnummer
        rufnummer|festnetz|cell|fax
        komorka|celular|cellulare|portable|telemovel|gsm|whatsapp|puhelin\w*|^ph$|^phn$|msisdn|matkapuhelin""",
        "手机|手機|电话|電話|联系方式|传真|座机|携帯|전화|휴대폰|핸드폰|телефон|мобильный",
    ),
    (
        "website",
        r"websites?|web ?site|site web|sitio web|sito web|web|webseite|internetseite|homepage|url|domain|www|strona",
        "网址|网站|官网|主页|ホームページ|ウェブサイト|홈페이지|сайт",
    ),
    (
        "city",
        r"""birth ?place|place of birth|birth city|geburtsort|lieu de naissance|lugar de nacimiento|luogo di nascita
        miejsce urodzenia|geboorteplaats|local de nascimento""",
        "出生地",
    ),
    (
        "birth_date",
        r"""birth ?dates?|dates? of birth|dob|d o b|birth ?days?|birth (?:dt|yr|mo|dy)|born(?: on)?|data ur\w*
        urodzenia|rok ur\w*
        geburts(?:datum|tag|jahr|monat)|geb(?: datum)?|geboren|naissance|nee? le|nacimiento|fecha nac
        nascimento|dt nasc\w*
        geboorte(?:datum|jaar)|nascita|birth (?:year|month|day)|year of birth|yob|by|bm|bd|fodselsdato
        fodelsedatum|syntymaaika
        dogum tarihi|datum narozeni""",
        "出生(?!地)|生日|生年月日|誕生日|생년월일|дата рождения|год рождения",
    ),
    # Places.
    (
        "postcode",
        r"""post ?codes?|postal(?: code)?|zip|zip ?codes?|plz|code postal|^cp$|cp|kod pocztowy|codigo postal|cep|cap
        codice postale|postleitzahl|postinumero|postnummer|postnr|iranyitoszam|psc|posta kodu|pin ?code|eircode
        (?:billing|mailing|shipping|other) code""",
        "邮编|邮政编码|郵編|郵便番号|우편번호|индекс",
    ),
    (
        "country",
        r"""country|countries|kraj|land|pays|pais|paese|nazione|staat|nation|nationality|citizenship|obywatelstwo|^cc$
        nacionalidad|nationalite|staatsangehorigkeit|zeme|ulke|orszag""",
        "国家|国籍|^国$|国名|국가|국적|страна|гражданство",
    ),
    (
        "state",
        r"""states?|stateprovince|province|provinz|provincie|bundesland|kanton|canton|wojewodztwo|region|regione
        provincia
        estado|county|departement|departamento|comunidad autonoma|prefecture|governorate|^st$|^uf$|lan|fylke
        oblast""",
        "^省|省份|所在省|都道府県|область",
    ),
    (
        "district",
        r"""districts?|gmina|powiat|suburb|neighbou?rhood|borough|bezirk|stadtteil|ortsteil|barrio|colonia
        bairro|quartier
        quartiere|arrondissement|freguesia|wijk|dzielnica|ward|parish|distrito""",
        "^区|区县|所在区|区域|行政区|район",
    ),
    (
        "city",
        r"""city|cities|town|hometown|post ?town|village|municipality|municipio|locality|localidad|localidade
        localite|localita
        poblacion|miasto|miejscowosc|stadt|ort|wohnort|ville|commune|comune|ciudad|cidade|citta|plaats
        woonplaats|stad|postort
        kaupunki|mesto|varos|sehir|place$""",
        "^市|城市|所在城市|地市|出生地|市区町村|市町村|도시|город",
    ),
    (
        "street",
        r"""address(?! company)\w*|addr|street\w*|strasse|str|ulica|adres|adres[aei]|adresse|anschrift|rue|voie
        direccion
        domicilio|calle|indirizzo|^via$|endereco|rua|logradouro|morada|straat\w*|gatuadress|adress|osoite|cim$
        (?:house|haus|huis|building) ?(?:no|nr|num|number|nummer)|hausnr|hausnummer|huisnummer|nr domu
        numer domu|nr budynku
        ^(?:apt|apartment|flat|unit|suite|ste|lokal|nr lokalu|nr mieszkania)(?: ?(?:no|nr|num|number))?$""",
        "地址|住址|街道|住所|番地|주소|адрес|улица|门牌号",
    ),
    # Words from a short list, and numbers that some system gave.
    (
        "category",
        r"""gender\w*|sex|plec|geschlecht|sexe|sexo|genero|genere|sesso|geslacht|kon|kjonn|sukupuoli|cinsiyet|pohlavi
        occupation|profession|profesion|professione|profissao|job ?title|title|beruf|zawod|beroep|race
        ethnicity|marital\w*""",
        "性别|性別|职业|職業|职位|职务|성별|직업|^пол$|профессия",
    ),
    (
        "own_number",
        r"""\w+ (?:id|no|number|nr|num|code|key)|kundennummer|kunden nr|accountnumber|klantnummer
        numero (?:de )?client[e]?""",
        "编号|会员号|工号|卡号|会員番号|顧客番号|고객번호",
    ),
    # Names.
    (
        "company_name",
        r"""compan(?:y|ies)|organi[sz]ation|org|firma|firm|unternehmen|societe|empresa|business|employer|agency
        account name|site name|school|institution|merchant|vendor|supplier|corporate|corp|legal name|trade ?name
        trading name|facility|provider name|store|restaurant|hotel|hospital|shop|brand|publisher|manufacturer
        dba|doing business as|firm\w*|entreprise|raison sociale|razon social|razao social|nome fantasia
        azienda|societa
        ragione sociale|bedrijf\w*|organisatie|yritys|virksomhed\w*|foretag\w*|sirket|spolecnost|arbeitgeber""",
        (
            "公司|企业|单位|机构|客户名称|商户|商家|厂家|店铺|店名|经销商|供应商|医院|学校|会社|法人名|"
            "회사|법인명|상호|компания|организация|"
            "предприятие"
        ),
    ),
    (
        "given_name",
        r"""first ?names?|given(?: ?names?)?|fore ?names?|christian ?names?|fname|^f name|first|imie|imiona
        vornamen?|rufname
        prenoms?|nombres?|nome|voornamen?|voorna?am|voorletters|initials|nick ?name|preferred name|fornavn
        fornamn|etunimi
        keresztnev|jmeno|krestni jmeno|^ad$|^adi$|^isim$""",
        "^名$|^名字$|^名 名$|下の名前|^имя",
    ),
    (
        "family_name",
        r"""last ?n(?:a)?me?s?|family(?: ?names?)?|surnames?|lname|^l name|last|nazwisko|nachnamen?
        familiennamen?|zuname
        nom de famille|apellidos?|apelidos?|sobrenome|ultimo nome|cognome|achternaam|efternamn|etternavn
        efternavn|sukunimi
        vezeteknev|prijmeni|soyadi?|name suff?i?x|suff?i?x""",
        "^姓$|^姓氏$|苗字|名字 姓|фамилия",
    ),
    (
        "full_name",
        r"""names?|nom|naam|navn|namn|nimi|nev|kundenname|kontaktname|ansprechpartner|contact|customer|client
        person|nazwa
        nazwy|beneficiary|caption|alias|recipient|author|holder|subscriber|kunde|klant|cliente""",
        "姓名|联系人|收货人|收件人|客户$|名称|称呼|氏名|名前|이름|성명|성함|고객명|имя",
    ),
    ("date", r"dates?|datum|since|until|valid|fecha|data", "日期|дата"),
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
