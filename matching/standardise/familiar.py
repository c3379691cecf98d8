"""Names that are common somewhere: what shows that a column without a telling header holds names or cities.

A few dozen of the commonest of each language area, folded (`matching.standardise.text.fold`). A column is taken for
names when a good part of its values is familiar; nobody needs to be in these lists to be matched.
"""

from __future__ import annotations

from typing import Final

__all__ = ["CITIES", "FAMILY_CHARACTERS", "FAMILY_NAMES", "GIVEN_NAMES"]

_GIVEN: Final = """
    james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony mark
    donald steven paul andrew joshua kenneth kevin brian george timothy ronald edward jason jeffrey ryan jacob gary
    nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander patrick frank raymond
    jack dennis jerry tyler aaron jose adam nathan henry zachary douglas peter kyle noah ethan jeremy walter
    christian keith roger terry austin sean gerald carl harold dylan arthur lawrence jordan jesse bryan billy bruce
    gabriel joe logan alan juan albert willie elijah wayne randy vincent mason roy ralph bobby russell bradley philip
    eugene harry oliver simon ian graham neil martin colin stuart craig lewis luke liam callum jamie alfred ernest
    herbert frederick mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty
    sandra margaret ashley kimberly emily donna michelle carol amanda melissa deborah stephanie rebecca sharon laura
    cynthia dorothy amy kathleen angela shirley emma brenda pamela nicole anna samantha katherine christine helen
    debra rachel carolyn janet maria catherine heather diane olivia julie joyce victoria ruth virginia lauren kelly
    christina joan evelyn judith andrea hannah megan cheryl jacqueline martha madison teresa gloria sara janice ann
    kathryn abigail sophia frances jean alice judy isabella julia grace amber denise danielle marilyn beverly
    charlotte natalie theresa diana brittany doris kayla alexis lori marie chloe ella sophie lucy jade holly amelia
    ellie mia lily claire fiona louise gemma joanne tracey jane ellen florence edith annie rose emilia carlos luis
    miguel pedro manuel francisco antonio javier fernando rafael jorge alberto alejandro sergio pablo diego ramon
    enrique vicente ricardo eduardo carmen ana isabel dolores pilar josefa cristina marta lucia elena rosa paula
    raquel beatriz silvia mercedes juana guadalupe margarita yolanda pierre michel andre philippe jacques bernard
    alain claude louis francois nicolas laurent julien antoine guillaume monique sylvie nathalie isabelle francoise
    valerie sandrine celine camille manon lea jeanne hans klaus wolfgang jurgen stefan andreas uwe dieter bernd
    markus heinz gerhard helmut manfred werner ursula monika petra sabine renate karin brigitte ingrid gisela helga
    christa claudia susanne birgit heike katrin giuseppe giovanni mario luigi francesco angelo vincenzo salvatore
    marco stefano roberto paolo luca giuseppina giovanna francesca chiara valentina alessia giulia joao paulo lucas
    luiz marcos francisca antonia adriana juliana marcia fernanda aline camila bruna jan johannes cornelis hendrik
    willem pieter gerrit jacobus johanna cornelia wilhelmina sanne daan piotr krzysztof andrzej tomasz pawel michal
    marcin stanislaw jakub marek lukasz grzegorz mateusz wojciech katarzyna malgorzata agnieszka krystyna ewa
    elzbieta zofia magdalena joanna jadwiga ivan aleksandr sergei sergey dmitry dmitri andrei vladimir alexey aleksei
    mikhail nikolai yuri igor oleg olga natalia natalya tatiana tatyana irina svetlana ekaterina yulia oksana erik
    lars anders johan karl per nils sven mikael kristina margareta jens mads soren niels hanne mette juha mohammed
    muhammad mohamed ahmed ali hassan hussein omar ibrahim yusuf mustafa khalid fatima aisha khadija zainab maryam
    amina layla nadia mehmet ayse fatma emine hatice raj amit sanjay rahul vijay anil sunil rajesh suresh ramesh
    deepak priya pooja anjali sunita anita kavita neha hiroshi takashi kenji yuki yoko keiko minh anh nguyen wei jing
    min jun li hui ying xin
"""
_FAMILY: Final = """
    smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson
    anderson thomas taylor moore jackson martin lee perez thompson white harris sanchez clark ramirez lewis robinson
    walker young allen king wright scott torres nguyen hill flores green adams nelson baker hall rivera campbell
    mitchell carter roberts gomez phillips evans turner diaz parker cruz edwards collins reyes stewart morris morales
    murphy cook rogers gutierrez ortiz morgan cooper peterson bailey reed kelly howard ramos kim cox ward richardson
    watson brooks chavez wood james bennett gray mendoza ruiz hughes price alvarez castillo sanders patel myers long
    ross foster jimenez davies shaw clarke robertson macdonald fraser mcdonald khan simpson marshall ellis harrison
    mason hunt webb mills palmer knight stevens gibson barnes grant fisher butler russell griffin hayes ford hamilton
    graham sullivan wallace fernandez moreno munoz alonso romero navarro dominguez vazquez gil serrano blanco molina
    castro ortega rubio bernard dubois durand petit leroy roux david bertrand morel fournier girard bonnet dupont
    lambert fontaine rousseau muller schmidt schneider fischer weber meyer wagner becker schulz hoffmann schafer koch
    bauer richter klein wolf schroder neumann schwarz zimmermann braun kruger hofmann hartmann lange werner krause
    lehmann mueller schaefer rossi russo ferrari esposito bianchi romano colombo ricci marino greco bruno gallo conti
    costa giordano rizzo silva santos oliveira souza rodrigues ferreira alves pereira lima gomes ribeiro carvalho
    almeida lopes soares jong jansen vries berg bakker dijk visser smit meijer boer mulder groot bos vos peters
    hendriks nowak kowalski kowalska wisniewski wisniewska wojcik kowalczyk kaminski kaminska lewandowski lewandowska
    zielinski szymanski wozniak dabrowski kozlowski jankowski mazur kwiatkowski krawczyk piotrowski grabowski
    nowakowski ivanov ivanova smirnov petrov petrova sidorov kuznetsov popov vasiliev volkov sokolov mikhailov
    novikov fedorov johansson andersson karlsson nilsson eriksson larsson olsson persson hansen johansen olsen larsen
    nielsen jensen pedersen andersen christensen korhonen virtanen ahmed ali hassan hussain ibrahim yilmaz kaya demir
    singh kumar sharma gupta shah verma reddy das wang li zhang liu chen yang huang zhao wu zhou xu sun zhu hu guo
    he lin gao luo zheng liang xie tang wong chan tan lim tanaka suzuki sato takahashi watanabe ito
    yamamoto nakamura kobayashi tran pham hoang
"""
_CITIES: Final = """
    adelaide, albuquerque, amsterdam, ankara, antwerpen, athens, atlanta, auckland, austin, baltimore, bangalore,
    bangkok, barcelona, basel, beijing, belfast, berlin, bern, bilbao, birmingham, bogota, bologna, bordeaux, boston,
    bradford, brasilia, bremen, brisbane, bristol, brno, brussels, bruxelles, bucuresti, budapest, buenos aires,
    busan, cairo, calgary, canberra, cape town, cardiff, charlotte, chengdu, chennai, chicago, chongqing, cincinnati,
    ciudad de mexico, cleveland, cologne, columbus, copenhagen, cork, coventry, curitiba, dallas, delhi, den haag,
    denver, derby, detroit, dhaka, dortmund, dresden, dubai, dublin, durham, dusseldorf, edinburgh, eindhoven, essen,
    fayetteville, firenze, fort worth, fortaleza, frankfurt, fresno, gdansk, geneva, genova, gent, glasgow, goteborg,
    graz, greensboro, guadalajara, guangzhou, hamburg, hangzhou, hannover, helsinki, hong kong, houston, hull,
    hyderabad, indianapolis, istanbul, jacksonville, jakarta, johannesburg, kansas city, karachi, kiev, kobenhavn,
    kolkata, koln, krakow, kuala lumpur, kyiv, lagos, lahore, las vegas, leeds, leicester, leipzig, lille, lima,
    lisboa, lisbon, liverpool, lodz, london, los angeles, louisville, lyon, madrid, malaga, manchester, manila,
    marseille, medellin, melbourne, memphis, mexico city, miami, milan, milano, milwaukee, minneapolis, monterrey,
    montpellier, montreal, moscow, moskva, mumbai, munchen, munich, murcia, nagoya, nairobi, nanjing, nantes, napoli,
    nashville, new delhi, new orleans, new york, newcastle, nice, nottingham, nurnberg, oakland, omaha, orlando,
    osaka, oslo, ottawa, palermo, paris, perth, philadelphia, phoenix, pittsburgh, plymouth, portland, porto,
    porto alegre, poznan, prague, praha, pune, raleigh, recife, rio de janeiro, riyadh, roma, rome, rotterdam,
    sacramento, salvador, san antonio, san diego, san francisco, san jose, santiago, sao paulo, seattle, seoul,
    sevilla, shanghai, sheffield, shenzhen, singapore, sofia, southampton, st louis, stockholm, strasbourg,
    stuttgart, suzhou, sydney, szczecin, taipei, tampa, tel aviv, tianjin, tokyo, torino, toronto, toulouse, tucson,
    tulsa, utrecht, valencia, vancouver, vienna, warsaw, warszawa, washington, wien, winston salem, wroclaw, wuhan,
    xian, yokohama, zaragoza, zurich
"""

GIVEN_NAMES: Final = frozenset(_GIVEN.split())
"""Given names, in Latin letters."""

FAMILY_NAMES: Final = frozenset(_FAMILY.split())
"""Family names, in Latin letters."""

CITIES: Final = frozenset(name.strip() for name in _CITIES.split(","))
"""Cities, as `matching.standardise.places.standardise_cities` writes them."""

FAMILY_CHARACTERS: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
"""The hundred Chinese family names that most people bear."""
