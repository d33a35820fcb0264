"""What people call a region beside the names that the library `holidays` has: English and everyday names.

`NAMES` has one region a line: its country and its code in that library, then its further names. The first is the
name in which it is shown.
"""

from __future__ import annotations

NAMES = """
AM ER Yerevan
AR B Buenos Aires Province
AR C City of Buenos Aires, Autonomous City of Buenos Aires, Buenos Aires City, CABA, Capital Federal
AR V Tierra del Fuego Province
AT 1 Burgenland
AT 2 Carinthia
AT 3 Lower Austria
AT 4 Upper Austria
AT 6 Styria
AT 7 Tyrol
AT 9 Vienna
BA BIH Federation of Bosnia and Herzegovina, Federation
BA BRC Brčko District, Brčko
BA SRP Republika Srpska, Serb Republic, Република Српска
BE Flemish Flemish Community, Flanders, Vlaanderen, Vlaamse Gemeenschap, Flandre, Flandern, Flemish Region
BE French French Community, Wallonia, Wallonie, Wallonië, Wallonien, Communauté française, \
Wallonia-Brussels Federation, Fédération Wallonie-Bruxelles
BE German German-speaking Community, Ostbelgien, East Belgium, Deutschsprachige Gemeinschaft, \
Communauté germanophone
BQ STA St Eustatius, Saint Eustatius, Statia
BR DF Federal District, Brasília
CA NL Newfoundland, Labrador
CA PE Prince Edward, PEI
CA QC Quebec
CA YT Yukon Territory
CH AI Appenzell Inner Rhodes, Appenzell Inner-Rhodes
CH AR Appenzell Outer Rhodes, Appenzell Outer-Rhodes
CH BE Bern
CH BL Basel-Country, Basel-Land, Baselland, Bâle-Campagne
CH BS Basel-City, Basel, Basle, Bâle-Ville, Bâle
CH FR Fribourg
CH GE Geneva, Genf
CH GR Grisons, Graubünden
CH LU Lucerne
CH NE Neuchâtel, Neuenburg
CH SG St. Gallen, Saint Gall, St. Gall, Saint-Gall
CH SO Solothurn, Soleure
CH TG Thurgau, Thurgovia
CH TI Ticino, Tessin
CH VD Vaud, Waadt
CH VS Valais
CH ZH Zurich
CH Stadt~Zurich Zurich City, City of Zurich
CL AI Aysén, Aisén
CL AR Araucanía
CL LI O'Higgins
CL MA Magallanes and Chilean Antarctica, Magallanes y Antártica Chilena
CL RM Santiago Metropolitan, Santiago, Metropolitan Region
DE Augsburg Augsburg
DE BY Bavaria
DE HE Hesse, Hessia
DE MV Mecklenburg-Western Pomerania, Mecklenburg-West Pomerania
DE NI Lower Saxony
DE NW North Rhine-Westphalia, NRW
DE RP Rhineland-Palatinate
DE SN Saxony
DE ST Saxony-Anhalt
DE TH Thuringia
ES AN Andalusia
ES AR Aragon
ES CL Castile and León, Castilla and León
ES CM Castile-La Mancha, Castilla-La Mancha, Castile La Mancha
ES CN Canary Islands, Canaries, Islas Canarias
ES CT Catalonia
ES GA Galicia, Galiza
ES IB Balearic Islands, Balearics, Balears, Baleares, Mallorca, Majorca
ES MC Murcia
ES NC Navarre, Nafarroa
ES PV Basque Country, Euskadi
ES VC Valencia, Valencian Community, Comunitat Valenciana, Comunidad Valenciana, País Valencià
FI 01 Åland, Åland Islands
FI 02 South Karelia
FI 03 South Ostrobothnia, Southern Ostrobothnia
FI 04 South Savo, Southern Savonia
FI 06 Tavastia Proper, Kanta-Häme
FI 07 Central Ostrobothnia
FI 08 Central Finland
FI 10 Lapland
FI 12 Ostrobothnia
FI 13 North Karelia
FI 14 North Ostrobothnia, Northern Ostrobothnia
FI 15 North Savo, Northern Savonia
FI 17 Satakunta
FI 19 Southwest Finland, Finland Proper
FR 57 Moselle
FR 973 French Guiana
FR 974 Réunion
FR BL St. Barthélemy, Saint Barts
FR MF St. Martin
FR NC New Caledonia
FR PF French Polynesia
FR PM St. Pierre and Miquelon, Saint Pierre and Miquelon
FR TF French Southern Territories, French Southern and Antarctic Lands
FR WF Wallis and Futuna
GQ CS Centro Sur, South Center, South Centre
GQ DJ Djibloho
GQ LI Litoral
IN DL New Delhi, National Capital Territory of Delhi
IN OD Orissa
IN PY Pondicherry
IN UK Uttaranchal
IT AO Aosta Valley, Valle d'Aosta, Vallée d'Aoste
IT BZ South Tyrol, Bozen, Alto Adige, Südtirol
IT FC Forlì-Cesena
IT FI Florence
IT GE Genoa
IT LI Leghorn
IT MB Monza and Brianza, Monza
IT MI Milan
IT MN Mantua
IT NA Naples
IT PD Padua
IT PU Pesaro and Urbino
IT RC Reggio di Calabria
IT RE Reggio nell'Emilia
IT RM Rome
IT SR Syracuse
IT SU South Sardinia
IT TN Trentino, Trent
IT TO Turin
IT VE Venice
MO I Ilhas, Islands, Taipa, Coloane
MO M Macau Peninsula, Macao Peninsula
MY 04 Malacca, Melaka
MY 07 Penang
MY 14 Kuala Lumpur, KL
MY 15 Labuan
MY 16 Putrajaya
NI AN North Caribbean Coast, North Caribbean Coast Autonomous Region
NI AS South Caribbean Coast, South Caribbean Coast Autonomous Region
NL Midden Middle Netherlands, Central Netherlands, Middle, Centre
NL Noord North Netherlands, Northern Netherlands, North
NL Zuid South Netherlands, Southern Netherlands, South
NO 15 Møre and Romsdal
NO 50 Trøndelag
NO 55 Troms
NO 56 Finnmark
PL 02 Lower Silesia, Lower Silesian
PL 04 Kuyavia-Pomerania, Kuyavian-Pomeranian
PL 06 Lublin
PL 08 Lubusz
PL 10 Łódź, Lodz
PL 12 Lesser Poland, Little Poland
PL 14 Mazovia, Masovian, Mazovian, Masovia
PL 16 Opole
PL 18 Subcarpathia, Podkarpacie, Subcarpathian
PL 20 Podlachia, Podlasie
PL 22 Pomerania, Pomeranian
PL 24 Silesia, Silesian
PL 26 Holy Cross, Świętokrzyskie
PL 28 Warmia-Masuria, Warmian-Masurian
PL 30 Greater Poland
PL 32 West Pomerania, West Pomeranian
PT 11 Lisbon
PT 13 Porto, Oporto
PT 20 Azores, Açores
PT 30 Madeira
SH AC Ascension Island
SH HL St. Helena
SB CT Capital Territory, Honiara
US DC Washington DC, Washington D.C., D.C.
US UM US Minor Outlying Islands, U.S. Outlying Islands
US VI U.S. Virgin Islands, US Virgin Islands, Virgin Islands
"""
